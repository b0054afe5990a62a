import { fullName } from "../../graph/full-name.ts";
import {
  isFailed,
  isFinished,
  isMapped,
  isSkipped,
  isSuccessful,
  pending,
  type State,
  type StoredResult,
} from "../../state/index.ts";
import type { Ack, Handle, TaskRunEntry } from "../ports.ts";
import { hasUseForValue, type PlannedTask } from "./plan.ts";

/** One task run while the flow runs: an unmapped task, a mapped parent, or one of its children. */
export class TaskRun {
  readonly task: PlannedTask;
  readonly mapIndex: number | null;
  /** Where its value lies in the host. */
  readonly handle: Handle;
  /** What the store knows of it; null until it was looked up. */
  entry: TaskRunEntry | null = null;
  /** The state in force, or the one that is on its way (`ack`). */
  state: State = pending();
  /** Nothing more will happen to it in this process: it is finished, or was left as it is. */
  settled = false;
  /** Upstreams that have not settled yet. */
  waitingFor = 0;
  /** The attempt that runs or comes next, from 1. */
  runCount = 1;
  loopCount = 1;
  hasLoopResult = false;
  /** Where the value of the last iteration was persisted: a restart goes on from it. */
  loopResult: StoredResult | null = null;
  resume = false;
  /** How often a host ended under it through no fault of its own. */
  lost = 0;
  /** A host died and nobody knows whose doing it was: the next attempt has a host of its own, which tells. */
  suspect = false;
  /** It was not finished when the process was told to stop. */
  cutOff = false;
  /** The length of its value, when that is an array. */
  length: number | null = null;
  /** A Success that was sent and not yet acknowledged: successors may be announced, but start only after it. */
  ack: Promise<Ack> | null = null;
  /** How many consumers of its element are done (mapped children). */
  consumed = 0;

  constructor(task: PlannedTask, mapIndex: number | null, handle: Handle) {
    this.task = task;
    this.mapIndex = mapIndex;
    this.handle = handle;
  }

  /** `name`, or `name[3]` for a child: Prefect's `task_full_name`. */
  get fullName(): string {
    return fullName(this.task.spec.name, this.mapIndex);
  }
}

/** All runs of one task: the parent and, once it is Mapped, its children. */
export class TaskRuns {
  readonly task: PlannedTask;
  readonly run: TaskRun;
  children: readonly TaskRun[] | null = null;
  /** Children that have not settled. */
  childrenLeft = 0;
  /** Downstream tasks that have a use for its value and are not done with it. */
  consumersLeft: number;

  constructor(task: PlannedTask, handle: Handle) {
    this.task = task;
    this.run = new TaskRun(task, null, handle);
    this.run.waitingFor = task.upstream.length;
    this.consumersLeft = task.downstream.filter(hasUseForValue).length;
  }

  /** The run itself, and its children where there are any. */
  get each(): readonly TaskRun[] {
    return [this.run, ...(this.children ?? [])];
  }

  /** The runs whose states count for triggers and for the flow's state: the children, or the run itself. */
  get counted(): readonly TaskRun[] {
    return this.children !== null && isMapped(this.run.state) ? this.children : [this.run];
  }

  /** The parent and, where there are any, every child has settled. */
  get done(): boolean {
    return this.run.settled && this.childrenLeft === 0;
  }

  #summary: StateSummary | null = null;

  /** What the states of its runs have in common; kept once all have settled, since 10,000 consumers may ask. */
  get summary(): StateSummary {
    if (this.#summary !== null) return this.#summary;
    const states = this.counted.map((run) => run.state);
    const summary = summarize(states);
    if (this.done) this.#summary = summary;
    return summary;
  }

  /** Forgets the summary: a state has changed after all. */
  invalidate(): void {
    this.#summary = null;
  }
}

export interface StateSummary {
  readonly states: readonly State[];
  readonly allFinished: boolean;
  readonly allSuccessful: boolean;
  readonly anySkipped: boolean;
  readonly anyFailed: boolean;
}

export function summarize(states: readonly State[]): StateSummary {
  return {
    states,
    allFinished: states.every(isFinished),
    allSuccessful: states.every(isSuccessful),
    anySkipped: states.some(isSkipped),
    anyFailed: states.some(isFailed),
  };
}
