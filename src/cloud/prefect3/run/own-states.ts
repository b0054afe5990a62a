import type { State } from "../../../state/index.ts";
import type { HeldState3 } from "./flow-run-answers.ts";

/**
 * Tells which Running of a flow run is this process's own. The API lets two processes make the same run Running, one
 * after the other, and says nothing to the first. The id of a transition is what its maker has chosen: a Running with
 * another one than ours is another process's. One that the API has made itself (a pause that is over) has none.
 */
export class OwnStates {
  readonly #marks = new Map<string, string>();
  readonly #before = new Set<string>();
  #last: HeldState3 | null = null;

  /** The state that the flow run has entered last by our word. */
  get last(): HeldState3 | null {
    return this.#last;
  }

  entered(held: HeldState3 | null): void {
    this.#last = held ?? this.#last;
  }

  /** The run was found in this state: whose it was is gone, and has no say any more. */
  found({ state_details: details }: HeldState3): void {
    if (details?.transition_id != null) this.#before.add(details.transition_id);
  }

  /** A transition is about to be proposed. */
  proposed(transitionId: string, state: State): void {
    const mark = state.context.runner_id;
    if (typeof mark === "string") this.#marks.set(transitionId, mark);
  }

  /** A state as it is held, with the mark of whose it is (see `claimed`). */
  marked(state: State, held: HeldState3): State {
    const transition = held.state_details?.transition_id;
    if (state.type !== "Running" || transition == null || this.#before.has(transition)) return state;
    const owner = this.#marks.get(transition) ?? `transition ${transition}`;
    return { ...state, context: { ...state.context, runner_id: owner } };
  }
}
