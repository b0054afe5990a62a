import type { EdgeView, LogView, RunChanges, RunDetail, RunSnapshot, TaskRunView, TaskView } from "../../live/view.ts";
import { aheadOf } from "../parts/times.ts";

/** A run as far as the page has been told. Tasks and edges stay the same objects from one change to the next. */
export interface RunModel {
  readonly run: RunDetail;
  /** Each after those that it takes something from. */
  readonly tasks: readonly TaskView[];
  readonly edges: readonly EdgeView[];
  readonly taskRuns: ReadonlyMap<string, TaskRunView>;
  /** By time. */
  readonly logs: readonly LogView[];
  /** There are lines before the first one. */
  readonly hasEarlierLogs: boolean;
  /** How far the API's clock is ahead of the browser's, milliseconds. */
  readonly ahead: number;
}

export function modelOf({ run, tasks, edges, taskRuns, logs, now }: RunSnapshot): RunModel {
  return {
    ...{ run, edges, tasks: inOrder(tasks, edges), logs: byTime(logs.lines), hasEarlierLogs: logs.more },
    taskRuns: new Map(taskRuns.map((each) => [each.id, each])),
    ahead: aheadOf(now),
  };
}

export function changed(model: RunModel, { run, taskRuns, logs, now }: RunChanges): RunModel {
  const lines = logs.length === 0 ? model.logs : byTime([...model.logs, ...logs]);
  return { ...model, run, taskRuns: withTaskRuns(model.taskRuns, taskRuns), logs: lines, ahead: aheadOf(now) };
}

/** The same object when none has changed. */
function withTaskRuns(held: RunModel["taskRuns"], changes: readonly TaskRunView[]): RunModel["taskRuns"] {
  return changes.length === 0 ? held : new Map([...held, ...changes.map((each) => [each.id, each] as const)]);
}

export const withEarlierLogs = (model: RunModel, lines: readonly LogView[], more: boolean): RunModel => ({
  ...model,
  logs: byTime([...lines, ...model.logs]),
  hasEarlierLogs: more,
});

/** Runners send lines in batches, each process its own: they are read in the order in which they were logged. */
const byTime = (lines: readonly LogView[]): LogView[] => lines.toSorted((a, b) => a.time - b.time || a.at - b.at);

function inOrder(tasks: readonly TaskView[], edges: readonly EdgeView[]): TaskView[] {
  const waiting = new Map(tasks.map(({ id }) => [id, 0]));
  const downstream = Map.groupBy(edges, ({ from }) => from);
  for (const { to } of edges) waiting.set(to, (waiting.get(to) ?? 0) + 1);
  const ready = tasks.filter(({ id }) => waiting.get(id) === 0);
  const byId = new Map(tasks.map((task) => [task.id, task]));
  // A list takes what is added while it is walked.
  for (const { id } of ready) {
    for (const { to } of downstream.get(id) ?? []) {
      const left = (waiting.get(to) ?? 0) - 1;
      waiting.set(to, left);
      const task = byId.get(to);
      if (left === 0 && task !== undefined) ready.push(task);
    }
  }
  return ready;
}
