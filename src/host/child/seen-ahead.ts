import type { CallRequest, SeenState } from "../../engine/index.ts";

/** States that came before the call they belong to. */
export class SeenAhead {
  #states: SeenState[] = [];

  take(states: readonly SeenState[]): void {
    for (const state of states) this.#states.push(state);
  }

  /** Puts the last `count` of them into a call; others belonged to one that was never made. */
  complete(request: CallRequest, count: number): CallRequest {
    const states = count === 0 ? [] : this.#states.slice(-count);
    this.#states = [];
    if (request.fn === "trigger") return { ...request, upstream: states };
    return request.fn === "terminalStateHandler" ? { ...request, references: states } : request;
  }
}
