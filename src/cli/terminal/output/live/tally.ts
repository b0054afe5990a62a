import type { RunObserver, TaskRunEntry } from "../../../../engine/index.ts";
import type { FlowGraph } from "../../../../graph/index.ts";
import { isFailed, isFinished, isMapped, isRunning, type State, type StateType } from "../../../../state/index.ts";

/** What is known of one task, or of all children of a mapped one together. */
export interface TaskTally {
  readonly slug: string;
  readonly name: string;
  /** Null while nothing was heard of it. */
  readonly state: State | null;
  /** Epoch milliseconds of the first Running. */
  readonly startedAt: number | null;
  /** Epoch milliseconds of the last finished state; for a mapped task that of its last child. */
  readonly endedAt: number | null;
  readonly children: ChildrenTally | null;
}

export interface ChildrenTally {
  readonly total: number;
  readonly finished: number;
  readonly counts: ReadonlyMap<StateType, number>;
  /** The first few that failed, to be named. */
  readonly failures: readonly { readonly mapIndex: number; readonly message: string | null }[];
}

export interface RunTally {
  readonly flowState: State | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** In the order of the flow. */
  readonly tasks: readonly TaskTally[];
  /** Task runs by state; of a mapped task its children are counted, not the parent. */
  readonly counts: ReadonlyMap<StateType, number>;
}

/** How many failed children of one mapped task are kept to be named. */
const namedFailures = 5;

interface Task {
  slug: string;
  name: string;
  state: State | null;
  startedAt: number | null;
  endedAt: number | null;
  total: number | null;
  children: Map<number, StateType>;
  counts: Map<StateType, number>;
  failures: Map<number, string | null>;
}

/**
 * Counts task runs by state as the engine reports them. One child of a mapped task costs one map entry, so that a
 * hundred thousand of them are no burden.
 */
export class Tally implements Pick<RunObserver, "onTaskState" | "onTaskKept" | "onFlowState"> {
  readonly #now: () => number;
  readonly #tasks = new Map<string, Task>();
  readonly #constants = new Set<string>();
  #flowState: State | null = null;
  #startedAt: number | null = null;
  #endedAt: number | null = null;

  /** @param now Epoch milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Tells the flow's tasks beforehand, so that those that wait are counted too. A task goes by its name, or by its slug
   * where two have the same name. Constants, which are tasks only to the engine, are left out.
   */
  plan({ tasks }: FlowGraph): void {
    const uses = Map.groupBy(tasks, ({ name }) => name);
    for (const { slug, name, kind } of tasks) {
      if (kind === "constant") this.#constants.add(slug);
      else this.#task(slug).name = uses.get(name)?.length === 1 ? name : slug;
    }
  }

  onFlowState(state: State): void {
    this.#flowState = state;
    if (isRunning(state)) this.#startedAt ??= this.#now();
    if (isFinished(state)) this.#endedAt = this.#now();
  }

  onTaskState(run: TaskRunEntry, state: State): void {
    if (this.#constants.has(run.slug)) return;
    const task = this.#task(run.slug);
    if (isRunning(state)) task.startedAt ??= this.#now();
    if (isFinished(state)) task.endedAt = this.#now();
    enter(task, run, state);
  }

  /** Counts it as it is, without a time: that was an earlier process's. */
  onTaskKept(run: TaskRunEntry, state: State): void {
    if (!this.#constants.has(run.slug)) enter(this.#task(run.slug), run, state);
  }

  /** Everything as it stands. */
  snapshot(): RunTally {
    const tasks = [...this.#tasks.values()].map(view);
    return {
      flowState: this.#flowState,
      startedAt: this.#startedAt,
      endedAt: this.#endedAt,
      tasks,
      counts: countAll(tasks),
    };
  }

  #task(slug: string): Task {
    const known = this.#tasks.get(slug);
    if (known !== undefined) return known;
    const task: Task = {
      slug,
      name: slug,
      state: null,
      startedAt: null,
      endedAt: null,
      total: null,
      children: new Map(),
      counts: new Map(),
      failures: new Map(),
    };
    this.#tasks.set(slug, task);
    return task;
  }
}

/** An observer that only counts. */
export const counting = (tally: Tally): Required<Pick<RunObserver, "onTaskState" | "onTaskKept" | "onFlowState">> => ({
  onTaskState: (run, state) => tally.onTaskState(run, state),
  onTaskKept: (run, state) => tally.onTaskKept(run, state),
  onFlowState: (state) => tally.onFlowState(state),
});

function enter(task: Task, { mapIndex }: TaskRunEntry, state: State): void {
  if (mapIndex === null) {
    task.state = state;
    if (isMapped(state)) task.total = state.mapCount ?? null;
    return;
  }
  const before = task.children.get(mapIndex);
  if (before !== undefined) add(task.counts, before, -1);
  add(task.counts, state.type, 1);
  task.children.set(mapIndex, state.type);
  if (!isFailed(state)) task.failures.delete(mapIndex);
  else if (task.failures.size < namedFailures) task.failures.set(mapIndex, state.message);
}

function view(task: Task): TaskTally {
  const { slug, name, state, startedAt, endedAt } = task;
  const mapped = task.total !== null || task.children.size > 0;
  return { slug, name, state, startedAt, endedAt, children: mapped ? childrenOf(task) : null };
}

function childrenOf(task: Task): ChildrenTally {
  const counts = new Map(task.counts);
  const seen = task.children.size;
  const total = Math.max(task.total ?? 0, seen);
  if (total > seen) add(counts, "Pending", total - seen);
  let finished = 0;
  for (const [type, count] of counts) if (isFinished({ ...blank, type })) finished += count;
  const failures = [...task.failures].map(([mapIndex, message]) => ({ mapIndex, message }));
  return { total, finished, counts, failures: failures.toSorted((a, b) => a.mapIndex - b.mapIndex) };
}

const blank: State = { type: "Pending", message: null, result: null, context: {} };

function countAll(tasks: readonly TaskTally[]): Map<StateType, number> {
  const counts = new Map<StateType, number>();
  for (const { state, children } of tasks) {
    if (children === null) add(counts, state?.type ?? "Pending", 1);
    else for (const [type, count] of children.counts) add(counts, type, count);
  }
  return counts;
}

/** Keys whose count falls to zero are dropped, so that they are not shown. */
function add(counts: Map<StateType, number>, type: StateType, change: number): void {
  const next = (counts.get(type) ?? 0) + change;
  if (next === 0) counts.delete(type);
  else counts.set(type, next);
}
