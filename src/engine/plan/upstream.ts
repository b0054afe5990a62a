import type { HandleRange, SeenState, ValueRef } from "../ports.ts";
import type { PlannedEdge, PlannedTask } from "./plan.ts";
import { type StateSummary, summarize, type TaskRun, type TaskRuns } from "./task-run.ts";

/** What a task run sees of the tasks before it. */
export interface UpstreamView {
  readonly summary: StateSummary;
  /** The same with slug, key and handle, for custom triggers; made only when one asks. */
  seen(): SeenState[];
  /** How each keyed edge refers to its value in the host. */
  inputs(): Record<string, ValueRef>;
  /** The runs whose acknowledgement a body has to wait for. */
  unacknowledged(): TaskRun[];
}

/** Looks from `run` along its edges: child i of a mapped task sees child i of a mapped upstream. */
export function upstreamOf(run: TaskRun, runsOf: (task: PlannedTask) => TaskRuns): UpstreamView {
  const edges = run.task.upstream;
  return {
    get summary() {
      return merge(edges.map((edge) => summaryAlong(edge, run, runsOf)));
    },
    seen: () => edges.flatMap((edge) => seenAlong(edge, run, runsOf)),
    inputs: () => inputsOf(run, runsOf),
    unacknowledged: () =>
      edges.flatMap((edge) => countedAlong(edge, run, runsOf).filter((upstream) => upstream.ack !== null)),
  };
}

function childAlong(edge: PlannedEdge, run: TaskRun, runsOf: (task: PlannedTask) => TaskRuns): TaskRun | null {
  if (!edge.mapped || run.mapIndex === null) return null;
  return runsOf(edge.from).children?.[run.mapIndex] ?? null;
}

function summaryAlong(edge: PlannedEdge, run: TaskRun, runsOf: (task: PlannedTask) => TaskRuns): StateSummary {
  const upstream = runsOf(edge.from);
  const child = childAlong(edge, run, runsOf);
  if (child !== null) return summarize([child.state]);
  // A parent about to be mapped looks at its mapped upstream's own state: the children decide for themselves.
  return edge.mapped ? summarize([upstream.run.state]) : upstream.summary;
}

function countedAlong(edge: PlannedEdge, run: TaskRun, runsOf: (task: PlannedTask) => TaskRuns): readonly TaskRun[] {
  const child = childAlong(edge, run, runsOf);
  if (child !== null) return [child];
  const upstream = runsOf(edge.from);
  return edge.mapped ? [upstream.run] : upstream.counted;
}

function seenAlong(edge: PlannedEdge, run: TaskRun, runsOf: (task: PlannedTask) => TaskRuns): SeenState[] {
  return countedAlong(edge, run, runsOf).map((upstream) => ({
    slug: upstream.task.spec.slug,
    mapIndex: upstream.mapIndex,
    key: edge.key,
    state: upstream.state,
    handle: upstream.handle,
  }));
}

function merge(parts: readonly StateSummary[]): StateSummary {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  return {
    get states() {
      return parts.flatMap((part) => part.states);
    },
    allFinished: parts.every((part) => part.allFinished),
    allSuccessful: parts.every((part) => part.allSuccessful),
    anySkipped: parts.some((part) => part.anySkipped),
    anyFailed: parts.some((part) => part.anyFailed),
  };
}

function inputsOf(run: TaskRun, runsOf: (task: PlannedTask) => TaskRuns): Record<string, ValueRef> {
  const inputs: Record<string, ValueRef> = {};
  for (const edge of run.task.upstream) {
    if (edge.key !== null) inputs[edge.key] = refAlong(edge, run, runsOf);
  }
  return inputs;
}

function refAlong(edge: PlannedEdge, run: TaskRun, runsOf: (task: PlannedTask) => TaskRuns): ValueRef {
  const upstream = runsOf(edge.from);
  const child = childAlong(edge, run, runsOf);
  if (child !== null) return { handle: child.handle };
  if (upstream.children !== null) return { list: rangeOf(upstream.children) };
  const { handle } = upstream.run;
  return edge.mapped && run.mapIndex !== null ? { handle, index: run.mapIndex } : { handle };
}

/** Children have consecutive handles, so a list of 100,000 is one pair of numbers in a frame. */
export function rangeOf(children: readonly TaskRun[]): readonly HandleRange[] {
  const first = children[0];
  return first === undefined ? [] : [[first.handle, children.length]];
}
