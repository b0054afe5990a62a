import type { Clock } from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { isFinished, type State } from "../../state/index.ts";
import { ownerOf } from "../claim.ts";
import type { Api } from "../port/api.ts";
import type { CallOptions } from "../port/call.ts";
import type { HeldFlowState } from "../port/held-state.ts";

export interface FlowRunWatchOptions {
  readonly api: Api;
  readonly flowRunId: string;
  /** The mark that this process's Running states carry. */
  readonly runnerId: string;
  readonly clock: Clock;
  /** Milliseconds for which a look is good: after them nothing is sent before the next one. */
  readonly lease: number;
  readonly signal: AbortSignal;
  /** Told each state that the API says, and when it was asked (epoch milliseconds). */
  saw(state: State, asked: number): void;
}

/** What is answered to everything that a container sends after it has lost its run. */
const lostRun = "this flow run is another container's, or is over";

/**
 * Keeps in view what the API says of the flow run itself: whether it is to be cancelled, and whether it is still ours.
 * A container that hangs for a minute (a paused machine, a network that is cut) is taken over by another; when it wakes
 * up it must not tell its own story into that one's.
 */
export class FlowRunWatch {
  readonly #options: FlowRunWatchOptions;
  readonly #cancelled = new AbortController();
  readonly #lost = new AbortController();
  #isConcluding = false;
  #lookedAt: number;
  #looking: Promise<HeldFlowState> | null = null;

  constructor(options: FlowRunWatchOptions) {
    this.#options = options;
    this.#lookedAt = options.clock.now();
  }

  get runnerId(): string {
    return this.#options.runnerId;
  }

  /** Aborted when the API says that the run is Cancelling (or Cancelled), with the state's message. */
  get cancelled(): AbortSignal {
    return this.#cancelled.signal;
  }

  /** Aborted when the run is Running and another container's, or was concluded and not by us. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** From here on a run that is over is so by our own word. */
  concluding(): void {
    this.#isConcluding = true;
  }

  /** The run is not over after all: it is tried once more. */
  goingOn(): void {
    this.#isConcluding = false;
  }

  /** Somebody else than the API says that the run is to be cancelled. */
  cancel(reason: string): void {
    this.#cancelled.abort(reason);
  }

  /** Asks the API now. */
  async look(options: CallOptions = {}): Promise<HeldFlowState> {
    const { api, flowRunId, clock, saw } = this.#options;
    const asked = clock.now();
    const held = await api.flowRunState(flowRunId, options);
    this.#lookedAt = asked;
    saw(held.state, asked);
    const { type, message } = held.state;
    const owner = ownerOf(held.state);
    // Who holds this process for dead errs, and does not end the run: as in Prefect 3, where only `crashed` is said of it.
    const isOver = isFinished(held.state) && held.state.crashed !== true && !this.#isConcluding;
    if (type === "Cancelling" || type === "Cancelled") this.#cancelled.abort(message ?? "cancelled");
    else if (isOver || (owner !== null && owner !== this.runnerId)) this.#lost.abort(lostRun);
    return held;
  }

  /** Null: what waits to be sent may go out. Otherwise why it may not. */
  async refusal(): Promise<string | null> {
    const { clock, lease } = this.#options;
    // Where the API does not tell, sending meets the same trouble, and knows what to do about it.
    if (!this.lost.aborted && clock.now() - this.#lookedAt > lease) await this.held();
    return this.lost.aborted ? lostRun : null;
  }

  /** What the API holds; one question for all that ask at the same time. Null: it does not tell. */
  async held(): Promise<HeldFlowState | null> {
    const { signal } = this.#options;
    this.#looking ??= this.look({ signal }).finally(() => {
      this.#looking = null;
    });
    try {
      return await this.#looking;
    } catch (error) {
      if (error instanceof FlowRunnerError || signal.aborted) return null;
      throw error;
    }
  }
}
