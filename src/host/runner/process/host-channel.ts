import type { Socket } from "node:net";
import { FrameReader, type FromHost, fromHostSchema, readFrame } from "../../protocol/index.ts";

/** The control channel of one host: frames in and out. */
export class HostChannel {
  readonly #socket: Socket;
  #corked = false;
  #garbled = false;

  /**
   * @param take - is given each frame that comes
   * @param garble - told once, of bytes that are no frame; nothing is read after them
   */
  constructor(socket: Socket, take: (frame: FromHost) => void, garble: (error: unknown) => void) {
    this.#socket = socket;
    // A write to a host that has just died fails; its end is told by its process.
    socket.on("error", () => {});
    const reader = new FrameReader((value) => take(readFrame(fromHostSchema, value)));
    // The flow's code can write into the channel too: what is no frame must not end the runner.
    socket.on("data", (chunk: Buffer) => {
      if (this.#garbled) return;
      try {
        reader.push(chunk);
      } catch (error) {
        this.#garbled = true;
        garble(error);
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
}
