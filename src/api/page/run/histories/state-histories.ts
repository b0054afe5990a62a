import { useEffect, useState } from "preact/hooks";
import { mostStateTimes, type StateTime, type StateTimes, type TaskRunView } from "../../../live/view.ts";
import { ask } from "../../server/ask.ts";

/** Rows that come into view within this time are asked for together, and those that have left it are not. */
const gatherMs = 80;

type Told = (states: readonly StateTime[]) => void;

/** The states that task runs have been in, which only the rows in view need: a run may have 10,000. */
export class StateHistories {
  /** A task run that has changed is another object. */
  readonly #held = new WeakMap<TaskRunView, readonly StateTime[]>();
  readonly #wanted = new Map<TaskRunView, Told>();
  #isGathering = false;

  /** Tells the states once they are there; returns what takes the wish back. */
  want(run: TaskRunView, told: Told): () => void {
    const held = this.#held.get(run);
    if (held !== undefined) {
      told(held);
      return () => undefined;
    }
    this.#wanted.set(run, told);
    this.#gather();
    return () => {
      this.#wanted.delete(run);
    };
  }

  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    setTimeout(() => {
      this.#isGathering = false;
      void this.#ask();
    }, gatherMs);
  }

  async #ask(): Promise<void> {
    const wanted = [...this.#wanted].slice(0, mostStateTimes);
    if (wanted.length === 0) return;
    for (const [run] of wanted) this.#wanted.delete(run);
    if (this.#wanted.size > 0) this.#gather();
    const query = wanted.map(([{ id }]) => `id=${id}`).join("&");
    try {
      const times = await ask<StateTimes>(`task-runs?${query}`);
      for (const [run, told] of wanted) {
        const states = times[run.id] ?? [];
        this.#held.set(run, states);
        told(states);
      }
    } catch {
      // The rows keep the one colour of their state, and the page says by itself when the API is away.
    }
  }
}

/** A task run's states so far; those of before, until what has changed is told. */
export function useHistory(histories: StateHistories, run: TaskRunView | null): readonly StateTime[] {
  const [states, setStates] = useState<readonly StateTime[]>([]);
  // What has not begun has no past.
  const wanted = run !== null && (run.started !== null || run.state !== "Pending") ? run : null;
  useEffect(() => (wanted === null ? undefined : histories.want(wanted, setStates)), [histories, wanted]);
  return states;
}
