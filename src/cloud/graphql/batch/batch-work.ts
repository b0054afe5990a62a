import type { Ack } from "../../../engine/index.ts";
import type { State } from "../../../state/index.ts";
import type { Batch, BatchAnswers, CreationAnswer, FlowStateItem } from "../../port/batch.ts";
import { spelledInput } from "../client/mutation.ts";
import type { Dialect } from "../dialect/dialect.ts";

interface Progress {
  /** It was in a request whose answer tells nothing about it: the API may have stored it. */
  inDoubt: boolean;
  /** A list it was in failed as a whole: it goes on by itself, so that its answer is its own. */
  alone: boolean;
  /** Bytes that it adds to a request; nearly all of a state's item is the state. */
  readonly size: number;
}

export interface CreationWork extends Progress {
  readonly kind: "creation";
  readonly taskId: string;
  readonly mapIndex: number;
  answer: CreationAnswer | null;
}

export interface StateWork extends Progress {
  readonly kind: "task" | "flow";
  /** Of the task run, or of the flow run. */
  readonly runId: string;
  readonly state: State;
  /** The item of the list, as JSON, but for its version. */
  readonly json: string;
  /** The version that the run must still have; null: whatever it has. */
  readonly version: number | null;
  answer: Ack | null;
}

export type Work = CreationWork | StateWork;

/** Servers hold 5 MB for the limit of a body, and JSON within JSON can double. */
const bytesInRequest = 2_000_000;
/** Measured: 200 of a kind is best, above it only memory grows. */
const itemsOfAKind = 200;

/** A batch on its way: which items have an answer, and which go into the next request. */
export class BatchWork {
  readonly #creations: readonly CreationWork[];
  readonly #taskStates: readonly StateWork[];
  readonly #flowStates: readonly StateWork[];
  readonly #order: readonly Work[];
  #answered = 0;

  constructor(dialect: Dialect, batch: Batch) {
    this.#creations = batch.creations.map((creation) => ({
      kind: "creation",
      ...creation,
      inDoubt: false,
      alone: false,
      size: 200,
      answer: null,
    }));
    this.#taskStates = batch.taskStates.map((item) => {
      const { taskRunId, flowRunVersion = null } = item;
      const isLocked = flowRunVersion !== null && !dialect.lacks.has("set_task_run_states.flow_run_version");
      const ids = { task_run_id: taskRunId, ...(isLocked ? { flow_run_version: flowRunVersion } : {}) };
      return stateWork(dialect, "task", taskRunId, ids, item);
    });
    this.#flowStates = batch.flowStates.map((item) =>
      stateWork(dialect, "flow", batch.flowRunId, { flow_run_id: batch.flowRunId }, item),
    );
    this.#order = [...this.#creations, ...this.#taskStates, ...this.#flowStates];
  }

  /**
   * The items of the next request, in the order in which they are to be stored; none: every item has its answer. A
   * second state of a run waits for the answer to the first: otherwise a first one that failed could only be sent
   * again after the second.
   */
  next(): Work[] {
    while (this.#order[this.#answered]?.answer != null) this.#answered += 1;
    const items: Work[] = [];
    const runs = new Set<string>();
    const counts = { creation: 0, task: 0, flow: 0 };
    let bytes = 0;
    for (let at = this.#answered; at < this.#order.length; at += 1) {
      const item = this.#order[at];
      if (item === undefined || item.answer !== null) continue;
      if (counts[item.kind] === itemsOfAKind || (items.length > 0 && bytes + item.size > bytesInRequest)) break;
      if (item.kind !== "creation") {
        if (runs.has(item.runId)) break;
        runs.add(item.runId);
      }
      counts[item.kind] += 1;
      bytes += item.size;
      items.push(item);
    }
    return items;
  }

  get inDoubt(): StateWork[] {
    return [...this.#taskStates, ...this.#flowStates].filter((item) => item.inDoubt);
  }

  giveUp(reason: string): void {
    for (const item of this.#order) item.answer ??= { status: "undelivered", reason };
  }

  answers(): BatchAnswers {
    return {
      creations: this.#creations.map(answerOf),
      taskStates: this.#taskStates.map(answerOf),
      flowStates: this.#flowStates.map(answerOf),
    };
  }
}

function stateWork(
  dialect: Dialect,
  kind: "task" | "flow",
  runId: string,
  ids: Readonly<Record<string, string | number>>,
  { state, version }: FlowStateItem,
): StateWork {
  const json = JSON.stringify(spelledInput(dialect, { state: dialect.writeState(state), ...ids }));
  return {
    kind,
    runId,
    state,
    json,
    version,
    size: Buffer.byteLength(json),
    inDoubt: false,
    alone: false,
    answer: null,
  };
}

function answerOf<A>(item: { answer: A | null }): A {
  if (item.answer === null) throw new TypeError("A batch was left before every item had its answer");
  return item.answer;
}
