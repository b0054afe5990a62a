import type { Socket } from "node:net";
import { encodeFrame, FrameReader, type FromHost, readFrame, type ToHost, toHostSchema } from "../protocol/index.ts";

const controlDescriptor = 3;
/** Node's own: the flow's code, or a library for its tests, may put others in their place. */
const { setImmediate } = globalThis;

/** The host's end of the control channel. */
export class Channel {
  readonly #socket: Socket;
  #corked = false;
  /** Out of the reach of the flow's code, as far as one process allows: not in a frame's object, nor in the environment. */
  #seal = "";

  /**
   * @param ended - the runner is gone
   * @param broken - the channel is not what it was: the flow's code has closed its descriptor, or something else has it now
   */
  constructor(take: (frame: ToHost) => void, ended: () => void, broken: (error: Error) => void) {
    const { Socket } = process.getBuiltinModule("node:net");
    this.#socket = new Socket({ fd: controlDescriptor, readable: true, writable: true });
    const reader = new FrameReader((value) => take(readFrame(toHostSchema, value)));
    this.#socket.on("data", (chunk: Buffer) => reader.push(chunk));
    this.#socket.on("close", ended);
    this.#socket.on("error", broken);
  }

  /** Every frame from here on begins with this. */
  seal(seal: string): void {
    this.#seal = seal;
  }

  /** Frames of one tick leave in one write. */
  send(frame: FromHost, about = "the flow"): void {
    if (!this.#corked) {
      this.#corked = true;
      this.#socket.cork();
      setImmediate(() => this.#flush());
    }
    this.#socket.write(encodeFrame(frame, about, this.#seal));
  }

  /** Leaves before the next instruction: what is said just before user code takes the thread. */
  sendNow(frame: FromHost): void {
    this.send(frame);
    this.#flush();
  }

  /** For the `exit` event, after which nothing asynchronous happens any more. */
  lastWords(frame: FromHost): void {
    this.#flush();
    try {
      process.getBuiltinModule("node:fs").writeSync(controlDescriptor, encodeFrame(frame, "the end", this.#seal));
    } catch {
      // The descriptor is closed: the runner sees the end all the same.
    }
  }

  #flush(): void {
    if (!this.#corked) return;
    this.#corked = false;
    this.#socket.uncork();
  }
}
