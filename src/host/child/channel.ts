import type { Socket } from "node:net";
import { encodeFrame, FrameReader, type FromHost, readFrame, type ToHost, toHostSchema } from "../protocol/index.ts";

const controlDescriptor = 3;

/** The host's end of the control channel. */
export class Channel {
  readonly #socket: Socket;
  #corked = false;

  constructor(take: (frame: ToHost) => void, ended: () => void) {
    const { Socket } = process.getBuiltinModule("node:net");
    this.#socket = new Socket({ fd: controlDescriptor, readable: true, writable: true });
    const reader = new FrameReader((value) => take(readFrame(toHostSchema, value)));
    this.#socket.on("data", (chunk: Buffer) => reader.push(chunk));
    this.#socket.on("close", ended);
    this.#socket.on("error", ended);
  }

  /** Frames of one tick leave in one write. */
  send(frame: FromHost, about = "the flow"): void {
    if (!this.#corked) {
      this.#corked = true;
      this.#socket.cork();
      setImmediate(() => this.#flush());
    }
    this.#socket.write(encodeFrame(frame, about));
  }

  /** Leaves before the next instruction: what is said just before user code takes the thread. */
  sendNow(frame: FromHost): void {
    this.send(frame);
    this.#flush();
  }

  /** For the `exit` event, after which nothing asynchronous happens any more. */
  lastWords(frame: FromHost): void {
    this.#flush();
    process.getBuiltinModule("node:fs").writeSync(controlDescriptor, encodeFrame(frame, "the end"));
  }

  #flush(): void {
    if (!this.#corked) return;
    this.#corked = false;
    this.#socket.uncork();
  }
}
