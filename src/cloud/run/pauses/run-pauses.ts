import type { Clock, Leave, StartGate } from "../../../engine/index.ts";
import { FlowRunnerError } from "../../../errors/index.ts";
import { failed, makeState, type State } from "../../../state/index.ts";
import type { PauseRequest } from "../../port/pauses.ts";
import type { Prefect3Api } from "../../port/prefect3.ts";
import { type HeldPause, pauseIn } from "./held-pause.ts";

export interface RunPausesOptions {
  /** Left out: the API is none of Prefect 3, and its runs are never paused. */
  readonly api: Prefect3Api | undefined;
  readonly flowRunId: string;
  readonly clock: Clock;
  /** The run is over, or its process ends: nothing is waited for any more. */
  readonly signal: AbortSignal;
  /** Asks the API for the run's state, which is then given to `saw`. */
  look(): Promise<unknown>;
  /** A line of the run's log. */
  log(message: string): void;
}

/** A pause that a task asks for. */
export interface AskedPause extends PauseRequest {
  /** Milliseconds between two looks at whether it is over, beside what the API tells by itself. */
  readonly pollInterval: number;
}

export type PauseOutcome =
  /** `input` is undefined where none was asked for or given. */
  | { readonly kind: "resumed"; readonly input: unknown }
  /** The process leaves the run: the body is to end here, and runs again when the run is resumed. */
  | { readonly kind: "leaving" };

/** Prefect 3: `pause_flow_run` asks as often. */
const usualPoll = 10_000;
/** Prefect 3's sentence. */
const neverResumed = "Flow run was paused and never resumed.";

/**
 * The pauses of a flow run of Prefect 3, whoever asks for them: a task, or a person in the pages. While it is Paused no
 * task run starts. Suspended, or Paused for too long, is the end of this process: what runs goes on to its end.
 */
export class RunPauses implements StartGate {
  readonly #options: RunPausesOptions;
  readonly #leaving = new AbortController();
  #gate: PromiseWithResolvers<void> | null = null;
  /** What was asked before counts no more: our own word is newer. */
  #since = Number.NEGATIVE_INFINITY;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: RunPausesOptions) {
    this.#options = options;
  }

  get closed(): Promise<void> | null {
    return this.#gate?.promise ?? null;
  }

  get leaving(): AbortSignal {
    return this.#leaving.signal;
  }

  /**
   * The API says that the flow run is in this state.
   *
   * @param asked - when it was asked, epoch milliseconds
   */
  saw(state: State, asked: number): void {
    if (asked <= this.#since || this.leaving.aborted) return;
    const pause = pauseIn(state);
    if (pause === null) this.#open();
    else if (pause.suspended) this.#suspended(state.message);
    else if (this.#gate === null) this.#close(pause, usualPoll);
  }

  /**
   * Pauses the run for a task; one pause after the other.
   *
   * @throws FlowRunnerError `PAUSE_REFUSED`, `PAUSE_TIMED_OUT`, `PREFECT3_LACKING`, and those of `Api`
   */
  pause(request: AskedPause): Promise<PauseOutcome> {
    const mine = this.#turn.then(() => this.#pause(request));
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  /** The process is told to end so that another one goes on: while the run is paused, nobody is to go on before it is resumed. */
  async suspendInstead(): Promise<void> {
    if (this.#gate === null || this.leaving.aborted) return;
    const { api, flowRunId } = this.#options;
    if (await api?.suspendPaused(flowRunId)) this.#suspended(null);
  }

  async #pause(request: AskedPause): Promise<PauseOutcome> {
    const { api, flowRunId, clock, signal } = this.#options;
    const verb = request.suspend ? "suspended" : "paused";
    if (api === undefined) throw new FlowRunnerError("PAUSE_REFUSED", { verb, reason: "its API is none of Prefect 3" });
    for (;;) {
      while (this.closed !== null) await this.closed;
      if (this.leaving.aborted || signal.aborted) return { kind: "leaving" };
      const answer = await api.pause(flowRunId, request);
      this.#since = clock.now();
      if (answer.kind === "refused") throw new FlowRunnerError("PAUSE_REFUSED", { verb, reason: answer.reason });
      if (answer.kind === "passed") return this.#resumed(request);
      // A person has paused it, whom this pause waits for.
      if (answer.kind === "busy") {
        this.#close({ suspended: false, until: null }, request.pollInterval);
        continue;
      }
      if (request.suspend) {
        this.#suspended(request.message);
        return { kind: "leaving" };
      }
      this.#close({ suspended: false, until: request.until }, request.pollInterval);
      while (this.closed !== null) await this.closed;
      if (!this.leaving.aborted) return this.#resumed(request);
      const { isTold } = this.leaving.reason as Leave;
      if (isTold) return { kind: "leaving" };
      throw new FlowRunnerError("PAUSE_TIMED_OUT", {});
    }
  }

  async #resumed(request: AskedPause): Promise<PauseOutcome> {
    const { api, flowRunId } = this.#options;
    const input = request.input === null ? undefined : await api?.pauseInput(flowRunId, request);
    return { kind: "resumed", input };
  }

  #open(): void {
    if (this.#gate !== null && !this.leaving.aborted && !this.#options.signal.aborted)
      this.#options.log("The flow run is resumed.");
    this.#gate?.resolve();
    this.#gate = null;
  }

  #close(pause: HeldPause, pollInterval: number): void {
    const gate = Promise.withResolvers<void>();
    this.#gate = gate;
    this.#options.log("The flow run is paused. Until it is resumed no task is started; those that run already go on.");
    void this.#awaitEnd(gate, pause, pollInterval);
  }

  /** Looks now and then whether it is over, and for the last time when its time is. */
  async #awaitEnd(gate: PromiseWithResolvers<void>, { until }: HeldPause, pollInterval: number): Promise<void> {
    const { clock, signal, look } = this.#options;
    const end = until ?? Number.POSITIVE_INFINITY;
    while (this.#gate === gate) {
      const now = clock.now();
      await clock.until(Math.min(now + pollInterval, Math.max(end, now)), signal);
      if (signal.aborted) return this.#open();
      if (this.#gate !== gate) return;
      const asked = clock.now();
      // Whoever cannot be asked now is asked again.
      const isTold = await Promise.resolve(look()).then(
        () => true,
        () => false,
      );
      if (isTold && asked >= end && this.#gate === gate) this.#leave({ state: failed(neverResumed), isTold: false });
    }
  }

  #suspended(message: string | null): void {
    this.#options.log("The flow run is suspended. Its process ends once the tasks that run are over.");
    const state = makeState("Paused", message ?? "The flow run is suspended until it is resumed.", { startTime: null });
    this.#leave({ state, isTold: true });
  }

  #leave(leave: Leave): void {
    this.#leaving.abort(leave);
    this.#open();
  }
}
