import type { Socket } from "node:net";
import { FlowRunnerError } from "../../../errors/index.ts";
import { FrameReader, type FromHost, fromHostSchema, readFrame } from "../../protocol/index.ts";

/** Bytes of answers that a host may leave unread: one that asks without end, and never listens, must not fill the memory. */
const mostUnread = 16 * 1024 * 1024;

export interface HostChannelOptions {
  /** What each line of the host begins with. */
  readonly seal: string;
  /** Is given each frame that comes; what it throws breaks the channel. */
  take(frame: FromHost): void;
  /** Told once: nothing that comes later is read, and no question is answered any more. */
  broken(error: Error): void;
  /** The host has closed its end: it has ended, or the flow's code did it. */
  closed(): void;
}

/** The control channel of one host: frames in and out. */
export class HostChannel {
  readonly #socket: Socket;
  readonly #options: HostChannelOptions;
  #corked = false;
  #isBroken = false;

  constructor(socket: Socket, options: HostChannelOptions) {
    this.#socket = socket;
    this.#options = options;
    // A write to a host that has just died fails; its end is told by its process.
    socket.on("error", () => {});
    socket.on("close", () => options.closed());
    const reader = new FrameReader((value) => options.take(readFrame(fromHostSchema, value)), options.seal);
    // The flow's code can write into the channel too: what is no frame must not end the runner.
    socket.on("data", (chunk: Buffer) => {
      if (this.#isBroken) return;
      try {
        reader.push(chunk);
      } catch (error) {
        this.#break(error as Error);
      }
    });
  }

  /** Frames of one turn go out in one write. */
  write(line: string): void {
    if (!this.#corked) {
      this.#corked = true;
      this.#socket.cork();
      setImmediate(() => {
        this.#corked = false;
        this.#socket.uncork();
      });
    }
    this.#socket.write(line);
  }

  /** The answer to something that the host has asked. */
  answer(line: string): void {
    if (this.#socket.writableLength <= mostUnread) this.write(line);
    else this.#break(new FlowRunnerError("CHANNEL_FLOODED", {}));
  }

  #break(error: Error): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    this.#options.broken(error);
  }
}
