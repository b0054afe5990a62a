import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type State, toWireTime } from "../../state/index.ts";
import { toWire1x } from "../../state/wire.ts";

/** A state that the API was not told: of a task run, or (id null) of the flow run. */
export interface UndeliveredState {
  readonly taskRunId: string | null;
  readonly state: State;
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly time: number;
}

/**
 * The states that could not be delivered, in order, on disk from the moment that is known: the container may be killed
 * before it can say so. One JSON object a line, in Prefect 1.x's form.
 */
export class UndeliveredStates {
  readonly #flowRunId: string;
  readonly file: string;
  #states: UndeliveredState[] = [];

  constructor(folder: string, flowRunId: string) {
    this.#flowRunId = flowRunId;
    this.file = join(folder, `${flowRunId}.states.jsonl`);
  }

  get all(): readonly UndeliveredState[] {
    return this.#states;
  }

  add(state: UndeliveredState): void {
    if (this.#states.length === 0) mkdirSync(join(this.file, ".."), { recursive: true });
    this.#states.push(state);
    appendFileSync(this.file, this.#line(state));
  }

  /** Some were delivered after all. */
  keepOnly(states: readonly UndeliveredState[]): void {
    this.#states = [...states];
    if (states.length === 0) rmSync(this.file, { force: true });
    else writeFileSync(this.file, states.map((state) => this.#line(state)).join(""));
  }

  #line({ taskRunId, state, reason, time }: UndeliveredState): string {
    return `${JSON.stringify({
      flow_run_id: this.#flowRunId,
      task_run_id: taskRunId,
      state: toWire1x(state),
      reason,
      time: toWireTime(time),
    })}\n`;
  }
}
