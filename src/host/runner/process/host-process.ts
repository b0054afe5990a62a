import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { FlowRunnerError } from "../../../errors/index.ts";
import { encodeFrame, type FromHost } from "../../protocol/index.ts";
import type { HostEnd, ThreadHolder } from "../end/host-end.ts";
import { countMemory } from "../end/memory-evidence.ts";
import { HostChannel } from "./host-channel.ts";
import { HostOutput, type OutputReader } from "./host-output.ts";
import { type AnswerTo, type Ask, Questions, type Tell, type Told } from "./questions.ts";
import type { SpawnedHost } from "./spawn-host.ts";

export interface HostProcessOptions extends OutputReader {
  readonly spawned: SpawnedHost;
  told(frame: Told): void;
}

/** Milliseconds in which a process whose channel is closed has ended. */
const overstayTime = 1_000;

/** One host process: its frames, its output, its end. */
export class HostProcess {
  readonly ended: Promise<HostEnd>;
  /** What each of its frames begins with; `start` tells it. */
  readonly seal = crypto.randomUUID();
  readonly ownFolder: string;
  readonly #spawned: SpawnedHost;
  readonly #child: ChildProcess;
  readonly #channel: HostChannel;
  readonly #output: HostOutput;
  readonly #questions = new Questions();
  #exiting: HostEnd["exiting"] = null;
  #endedFor: HostEnd["endedFor"] = null;
  #broken: string | null = null;
  #holder: ThreadHolder | null = null;
  #overstay: NodeJS.Timeout | undefined;

  constructor(options: HostProcessOptions) {
    this.#spawned = options.spawned;
    this.#child = options.spawned.child;
    this.ownFolder = options.spawned.ownFolder;
    this.#output = new HostOutput(this.#child, options);
    this.#channel = new HostChannel(this.#child.stdio[3] as Socket, {
      seal: this.seal,
      take: (frame) => this.#take(frame, options.told),
      broken: (error) => this.#break(error),
      closed: () => this.#expectEnd(),
    });
    this.ended = options.spawned.closed.then(([exitCode, signal]) => {
      clearTimeout(this.#overstay);
      const end = this.#end(exitCode, signal);
      this.#questions.ended(end);
      return end;
    });
  }

  /** Its process id; 0 when it could not be started. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The id that the next question gets. */
  get nextId(): number {
    return this.#questions.nextId;
  }

  /**
   * @param about - whose the frame is, should it be too large
   * @throws HostEnded when the host ends before it answers
   */
  ask<Asked extends Ask>(question: Asked, about = "the flow"): Promise<AnswerTo<Asked>> {
    return this.#questions.ask(question, (id) => this.#channel.write(encodeFrame({ ...question, id }, about)));
  }

  tell(frame: Tell): void {
    this.#channel.write(encodeFrame(frame, frame.type));
  }

  /** Answers what the host has asked of its own accord. */
  answer(frame: Extract<Tell, { type: "answer" | "flowRan" }>): void {
    this.#channel.answer(encodeFrame(frame, frame.type));
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
      this.#output.onInspector(resolve);
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

  #break(error: Error): void {
    this.#broken ??= error.message;
    this.#child.kill("SIGKILL");
  }

  /** A process that ends closes its channel, too, and needs a moment more; one that works on cannot be led any more. */
  #expectEnd(): void {
    this.#overstay = setTimeout(() => {
      // It may have ended, and what it has printed is read to its end.
      const { exitCode, signalCode } = this.#child;
      if (exitCode === null && signalCode === null) this.#break(new FlowRunnerError("CHANNEL_CLOSED", {}));
    }, overstayTime);
  }

  #take(frame: FromHost, told: (frame: Told) => void): void {
    switch (frame.type) {
      case "ran":
      case "called":
      case "measured":
      case "probed":
      case "shown":
      case "done":
      case "pong":
        this.#questions.answered(frame);
        return;
      case "exiting":
        this.#exiting = { code: frame.code, run: frame.run };
        return;
      default:
        told(frame);
    }
  }

  #end(exitCode: number | null, signal: NodeJS.Signals | null): HostEnd {
    const { oomKills: before } = this.#spawned.memoryBefore;
    const { oomKills: after, limit, peak } = countMemory();
    return {
      exitCode,
      signal,
      endedFor: this.#endedFor,
      broken: this.#broken,
      holder: this.#holder,
      exiting: this.#exiting,
      oomKills: before === null || after === null ? null : after - before,
      memoryLimit: limit,
      memoryPeak: peak,
      heapLimit: this.#spawned.heapLimit,
      lastErrors: [...this.#spawned.errors, ...this.#output.lastErrors],
      lastOutput: this.#output.lastOutput,
    };
  }
}
