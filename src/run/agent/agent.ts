import type { StartableRun } from "../../cloud/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { messageOf } from "../../errors/message-of.ts";
import { type CareOptions, FlowRunCare } from "./flow-run-care.ts";
import type { PollPace } from "./poll-pace.ts";
import { decideStart, type StartDecision } from "./start-decision.ts";

export interface AgentOptions extends CareOptions {
  readonly pace: PollPace;
  /** After so many polls it waits for the runs it has started, and ends; null: it polls until it is stopped. */
  readonly maxPolls: number | null;
  /** How many runs it has under way at once; null: as many as come. */
  readonly maxRuns: number | null;
  /** Age of a run's last heartbeat, milliseconds, up to which its process counts as alive. */
  readonly aliveFor: number;
}

/** Prefect: so many milliseconds ahead runs are taken, and then waited for, so that none starts late. */
const ahead = 10_000;

type Start = Extract<StartDecision, { kind: "start" }>;

/**
 * Polls an API for flow runs that are due, and starts them: Prefect's agent.
 *
 * When it is stopped, the processes it has started go on, as with Prefect's local agent. It leaves once the API has
 * heard of each of them, or has been told that one has died.
 */
export class Agent {
  readonly #options: AgentOptions;
  readonly #cares = new Map<string, FlowRunCare>();
  #wake = new AbortController();
  #isAway = false;

  constructor(options: AgentOptions) {
    this.#options = options;
  }

  /** Polls at once instead of at the end of the pause. */
  poke(): void {
    this.#wake.abort();
  }

  async run(): Promise<void> {
    const { maxPolls, signal, clock, pace } = this.#options;
    for (let polls = 0; !signal.aborted && polls !== maxPolls; polls += 1) {
      await this.#room();
      if (signal.aborted) break;
      this.#wake = new AbortController();
      const found = await this.#poll();
      if (polls + 1 === maxPolls) break;
      await clock.until(clock.now() + pace.after(found), AbortSignal.any([signal, this.#wake.signal]));
    }
    const all = [...this.#cares.values()];
    await Promise.race([Promise.all(all.map(({ ended }) => ended)), aborted(signal)]);
    await Promise.all(all.map((care) => care.underWay()));
  }

  get #free(): number {
    return (this.#options.maxRuns ?? Number.POSITIVE_INFINITY) - this.#cares.size;
  }

  async #room(): Promise<void> {
    const { signal } = this.#options;
    while (this.#free <= 0 && !signal.aborted) {
      await Promise.race([...[...this.#cares.values()].map(({ ended }) => ended), aborted(signal)]);
    }
  }

  /** Whether there was something to start. */
  async #poll(): Promise<boolean> {
    const { clock, aliveFor, log } = this.#options;
    const runs = await this.#startable();
    const starts = runs.flatMap((run): { run: StartableRun; start: Start }[] => {
      const decision = decideStart(run, aliveFor, clock.now());
      if (decision.kind === "start") return [{ run, start: decision }];
      log("DEBUG", `Flow run ${run.id} is left: ${decision.why}.`);
      return [];
    });
    const taken = starts.toSorted((a, b) => a.start.at - b.start.at).slice(0, this.#free);
    for (const { run, start } of taken) {
      const care = new FlowRunCare(run, start, this.#options);
      this.#cares.set(run.id, care);
      void care.ended.finally(() => this.#cares.delete(run.id));
    }
    return taken.length > 0;
  }

  /** Said once: an API may be away for hours. */
  async #startable(): Promise<readonly StartableRun[]> {
    const { api, clock, log } = this.#options;
    try {
      const ids = await api.dueFlowRuns(clock.now() + ahead, { tries: 1 });
      const others = ids.filter((id) => !this.#cares.has(id));
      const runs = others.length === 0 ? [] : await api.startableRuns(others, { tries: 1 });
      if (this.#isAway) log("INFO", "The API is there again.");
      this.#isAway = false;
      return runs;
    } catch (error) {
      if (!(error instanceof FlowRunnerError)) throw error;
      if (!this.#isAway) log("ERROR", `The API could not be asked for flow runs: ${messageOf(error)}`);
      this.#isAway = true;
      return [];
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
