import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { messageOf } from "../../errors/message-of.ts";
import type { MaskingStream } from "../../secrets/index.ts";
import { encodeFrame, FrameReader, type FromHost, fromHostSchema, type ToHost } from "../protocol/index.ts";
import type { HostEnd, ThreadHolder } from "./host-end.ts";
import { countMemory } from "./memory-evidence.ts";
import { type OutputLine, readLines } from "./output-lines.ts";
import type { SpawnedHost } from "./spawn-host.ts";

/** Frames that are answered, without their `id`. */
type Question = Extract<ToHost, { type: "run" | "call" | "measure" | "probe" | "read" | "keep" | "ping" }>;
export type Ask = Question extends infer Q ? (Q extends Question ? Omit<Q, "id"> : never) : never;
export type Answer = Extract<FromHost, { type: "ran" | "called" | "measured" | "probed" | "done" | "pong" }>;
/** Frames that a host sends of its own accord. */
export type Told = Exclude<FromHost, Answer>;

export interface HostProcessOptions {
  readonly spawned: SpawnedHost;
  told(frame: Told): void;
  printed(stream: "stdout" | "stderr", line: OutputLine): void;
  /** Masks a line that is too long to be told at once. */
  mask(): MaskingStream;
}

/** The question was not answered, because its host has ended. */
export class HostEnded extends Error {
  readonly end: HostEnd;
  constructor(end: HostEnd) {
    super("the host has ended");
    this.end = end;
  }
}

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: HostEnded): void;
}

/** Lines of standard error that are kept as evidence. */
const keptLines = 20;

/** One host process: its frames, its output, its end. */
export class HostProcess {
  readonly ended: Promise<HostEnd>;
  readonly ownFolder: string;
  readonly #child: ChildProcess;
  readonly #channel: Socket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #spawned: SpawnedHost;
  readonly #lastErrors: string[] = [];
  #exiting: HostEnd["exiting"] = null;
  #endedFor: HostEnd["endedFor"] = null;
  #holder: ThreadHolder | null = null;
  #onInspector: ((address: string) => void) | null = null;
  #next = 0;
  #corked = false;
  #garbled = false;
  /** How it ended; null: it has not. */
  #known: HostEnd | null = null;

  constructor(options: HostProcessOptions) {
    this.#spawned = options.spawned;
    this.#child = options.spawned.child;
    this.ownFolder = options.spawned.ownFolder;
    this.#channel = this.#child.stdio[3] as Socket;
    // A write to a host that has just died fails; its end is told by `ended`.
    this.#channel.on("error", () => {});
    const reader = new FrameReader((value) => this.#take(fromHostSchema.parse(value), options));
    this.#channel.on("data", (chunk: Buffer) => this.#read(chunk, reader));
    this.#readOutput("stdout", options);
    this.#readOutput("stderr", options);
    this.ended = options.spawned.closed.then(([exitCode, signal]) => {
      const end = this.#end(exitCode, signal);
      this.#known = end;
      // After those who wait for the end: they must have a fresh host ready when the others ask again at once.
      queueMicrotask(() => this.#rejectAll(end));
      return end;
    });
  }

  #rejectAll(end: HostEnd): void {
    for (const waiting of this.#waiting.values()) waiting.reject(new HostEnded(end));
    this.#waiting.clear();
  }

  /** The id that the next question gets: who asks may want to know it before the answer. */
  get nextId(): number {
    return this.#next;
  }

  ask(question: Ask, about = "the flow"): Promise<Answer> {
    const id = this.#next++;
    if (this.#known !== null) return Promise.reject(new HostEnded(this.#known));
    return new Promise((resolve, reject) => {
      const line = encodeFrame({ ...question, id }, about);
      this.#waiting.set(id, { resolve, reject });
      this.#write(line);
    });
  }

  tell(frame: Exclude<ToHost, Question>): void {
    this.#write(encodeFrame(frame, frame.type));
  }

  /** Whether it answers within `grace` milliseconds: false when the flow's code holds its thread. */
  async isResponsive(grace: number): Promise<boolean> {
    const { promise: late, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), grace);
    const answered = this.ask({ type: "ping" }).then(
      () => true,
      () => true,
    );
    const responsive = await Promise.race([answered, late]);
    clearTimeout(timer);
    return responsive;
  }

  /** Makes the host open its inspector, which works while its thread is busy; resolves with the address, or null. */
  openInspector(signal: AbortSignal): Promise<string | null> {
    const { pid } = this.#child;
    if (pid === undefined) return Promise.resolve(null);
    return new Promise((resolve) => {
      signal.addEventListener("abort", () => resolve(null), { once: true });
      this.#onInspector = resolve;
      try {
        process.kill(pid, "SIGUSR1");
      } catch {
        // It has ended meanwhile, or this is Windows, which has no such signal.
        resolve(null);
      }
    });
  }

  /** Ends it at once, whatever it does. The first reason stays. */
  kill(reason: HostEnd["endedFor"], holder: ThreadHolder | null = null): void {
    this.#endedFor ??= reason;
    this.#holder ??= holder;
    this.#child.kill("SIGKILL");
  }

  #write(line: string): void {
    if (!this.#corked) {
      this.#corked = true;
      this.#channel.cork();
      setImmediate(() => {
        this.#corked = false;
        this.#channel.uncork();
      });
    }
    this.#channel.write(line);
  }

  /** The flow's code can write into the channel too: what is no frame ends the host, and must not end the runner. */
  #read(chunk: Buffer, reader: FrameReader): void {
    if (this.#garbled) return;
    try {
      reader.push(chunk);
    } catch (error) {
      this.#garbled = true;
      this.#lastErrors.push(messageOf(error));
      this.#child.kill("SIGKILL");
    }
  }

  #take(frame: FromHost, options: HostProcessOptions): void {
    switch (frame.type) {
      case "ran":
      case "called":
      case "measured":
      case "probed":
      case "done":
      case "pong": {
        const waiting = this.#waiting.get(frame.id);
        this.#waiting.delete(frame.id);
        waiting?.resolve(frame);
        return;
      }
      case "exiting":
        this.#exiting = { code: frame.code, run: frame.run };
        return;
      default:
        options.told(frame);
    }
  }

  #readOutput(name: "stdout" | "stderr", options: HostProcessOptions): void {
    const stream = this.#child[name];
    if (stream === null) return;
    readLines(
      stream,
      (line) => {
        const address = /^Debugger listening on (ws:\S+)$/.exec(line.text)?.[1];
        if (address !== undefined) return this.#onInspector?.(address);
        if (inspectorTalk.test(line.text)) return;
        if (name === "stderr" && !nativeNoise.test(line.text) && this.#lastErrors.push(line.text) > keptLines)
          this.#lastErrors.shift();
        options.printed(name, line);
      },
      options.mask,
    );
  }

  #end(exitCode: number | null, signal: NodeJS.Signals | null): HostEnd {
    const { oomKills: before } = this.#spawned.memoryBefore;
    const { oomKills: after, limit } = countMemory();
    return {
      exitCode,
      signal,
      endedFor: this.#endedFor,
      holder: this.#holder,
      exiting: this.#exiting,
      oomKills: before === null || after === null ? null : after - before,
      memoryLimit: limit,
      lastErrors: [...this.#spawned.errors, ...this.#lastErrors],
    };
  }
}

/** What Node prints about an inspector that we opened ourselves. */
const inspectorTalk = /^(For help, see: https:\/\/nodejs\.org\/.*inspector|Debugger (attached|ending on ws:.*)\.?$)/;

/** Addresses of a native stack trace, and empty lines: they would push out the sentence that says what happened. */
const nativeNoise = /^\s*(\d+: 0x[0-9a-f]+ .*|-+ .*-+)?$/;
