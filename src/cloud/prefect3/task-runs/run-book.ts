import { hash } from "node:crypto";
import { FlowRunnerError } from "../../../errors/index.ts";
import type { FlowGraph, TaskSpec } from "../../../graph/index.ts";
import { isFinished, pending, type State } from "../../../state/index.ts";
import { keptMapped } from "./kept-states.ts";
import type { TaskInput } from "./task-inputs.ts";
import { taskInputs } from "./task-inputs.ts";
import { naturalKey, type TaskRunRow } from "./task-run-row.ts";
import { asRecorded, beginAgain, type TrackedTaskRun, trackedTaskRun } from "./tracked-task-run.ts";

/** The flow run that task runs belong to, as their events name it. */
export interface FlowRunNames {
  readonly flowRunId: string;
  readonly flowRunName: string;
  readonly flowId: string;
  readonly flowName: string;
  readonly deploymentId: string | null;
  readonly tags: readonly string[];
  readonly runCount: number;
  /** Of the pauses that it has had. */
  readonly pauseKeys: readonly string[];
}

/** The task runs of one flow run: which there are, what they are called, what comes before them. */
export class RunBook {
  #names: FlowRunNames;
  #graph: FlowGraph | null = null;
  readonly #specs = new Map<string, TaskSpec>();
  readonly #recorded: ReadonlyMap<string, TaskRunRow>;
  readonly #byId = new Map<string, TrackedTaskRun>();
  readonly #mapped = new Set<string>();
  readonly #widths = new Map<string, number>();
  #keepsFinished = false;

  constructor(names: FlowRunNames, recorded: readonly TaskRunRow[]) {
    this.#names = names;
    this.#recorded = new Map(recorded.map((row) => [naturalKey(row), row]));
  }

  get names(): FlowRunNames {
    return this.#names;
  }

  /** Slugs of the flow's tasks. */
  get tasks(): readonly string[] {
    return [...this.#specs.keys()];
  }

  /** What has come to an end stays as it is recorded, also what was not persisted, or failed. */
  keepFinished(): void {
    this.#keepsFinished = true;
  }

  /** The flow run is begun once more, in the task runs that it has. */
  startOver(): void {
    this.#keepsFinished = false;
    this.#names = { ...this.#names, runCount: this.#names.runCount + 1 };
    this.#widths.clear();
    for (const run of this.#byId.values()) beginAgain(run);
  }

  /** From here on task runs can be made: the flow is loaded. */
  plan(graph: FlowGraph): void {
    this.#graph = graph;
    for (const task of graph.tasks) this.#specs.set(task.slug, task);
    for (const edge of graph.edges) if (edge.mapped) this.#mapped.add(edge.downstream);
  }

  /** Whether there are children in the place of a task. What its own task run would be called is the first of them. */
  isMapped(slug: string): boolean {
    return this.#mapped.has(slug);
  }

  /** The state in which a mapped task is found: whether it has children is found out again, unless all is to stay as it is. */
  mappedState(slug: string): State {
    if (!this.#keepsFinished) return pending();
    const mappedOver = this.#graph?.edges.filter(({ downstream, mapped }) => mapped && downstream === slug) ?? [];
    const upstream = mappedOver.flatMap((edge) => this.#recordedOf(edge.upstream));
    const state = keptMapped(this.#recordedOf(slug), upstream);
    if (state.mapCount !== undefined) this.widen(slug, state.mapCount);
    return state;
  }

  #recordedOf(slug: string): readonly TaskRunRow[] {
    return [...this.#recorded.values()].filter(({ task_key }) => task_key === slug);
  }

  /** Undefined: the flow has no such task, or is not loaded here. */
  specOf(slug: string): TaskSpec | undefined {
    return this.#specs.get(slug);
  }

  /** The key that its results are cached under, which tasks of other flows may share; null: none. */
  fixedCacheKey(slug: string): string | null {
    const key = this.#specs.get(slug)?.cacheKey;
    return typeof key === "string" ? key : null;
  }

  /** Whether a Success of the task is followed by what is kept of it for later runs. */
  keepsResults(slug: string): boolean {
    const spec = this.#specs.get(slug);
    return spec !== undefined && spec.cacheFor !== null && spec.target === null;
  }

  /** The task run of a task, or of one of its mapped children. */
  taskRun(slug: string, index: number | null): TrackedTaskRun {
    const mapIndex = index ?? (this.isMapped(slug) ? 0 : null);
    const spec = this.#specs.get(slug);
    if (spec === undefined) throw new FlowRunnerError("TASK_RUN_UNKNOWN", { slug, flowRunId: this.names.flowRunId });
    const keys = { task_key: slug, dynamic_key: String(mapIndex ?? 0) };
    const id = this.idOf(slug, mapIndex);
    const found = this.#byId.get(id);
    if (found !== undefined) return found;
    const made = trackedTaskRun(
      {
        id,
        name: `${spec.name}-${mapIndex ?? useOf(slug)}`,
        taskKey: keys.task_key,
        dynamicKey: keys.dynamic_key,
        tags: spec.tags,
        mapIndex,
        retries: spec.maxRetries,
        retryDelay: spec.retryDelay / 1_000,
      },
      this.#recorded.get(naturalKey(keys)),
      { pauseKeys: this.names.pauseKeys, keepsFinished: this.#keepsFinished },
    );
    this.#byId.set(id, made);
    return made;
  }

  /** The same for the same task of the same flow run, so that a process that goes on needs no list of them. */
  idOf(slug: string, mapIndex: number | null): string {
    const recorded = this.#recorded.get(naturalKey({ task_key: slug, dynamic_key: String(mapIndex ?? 0) }));
    return recorded?.id ?? uuidOf(`${this.names.flowRunId} ${slug} ${mapIndex ?? 0}`);
  }

  byId(id: string): TrackedTaskRun | undefined {
    return this.#byId.get(id);
  }

  /** Takes in task runs that an earlier process has told of. */
  remember(rows: readonly TaskRunRow[]): void {
    for (const row of rows) if (!this.#byId.has(row.id)) this.#byId.set(row.id, asRecorded(row));
  }

  /** Those that have begun and not come to an end. */
  get open(): readonly TrackedTaskRun[] {
    return [...this.#byId.values()].filter(
      (run) => run.lastEvent !== null && run.state.type !== "Mapped" && !isFinished(run.state),
    );
  }

  /** Those whose last event the API was not seen to have recorded. */
  get unconfirmed(): readonly TrackedTaskRun[] {
    return [...this.#byId.values()].filter(
      ({ lastEvent, recordedEvent }) => lastEvent !== null && lastEvent !== recordedEvent,
    );
  }

  /** A mapped task has so many children. */
  widen(slug: string, width: number): void {
    this.#widths.set(slug, width);
  }

  /** False: the API never hears of this task run. */
  tellsOf(id: string): boolean {
    const run = this.#byId.get(id);
    return run === undefined || this.isTold(run);
  }

  /** Whether task runs of this task are told of. Prefect 3 has no task runs of parameters and constants. */
  isTold(run: TrackedTaskRun): boolean {
    const kind = this.#specs.get(run.taskKey)?.kind;
    return kind !== "parameter" && kind !== "constant";
  }

  /** Null: the flow is not loaded here, and what is recorded of them stays. */
  inputsOf({ taskKey, mapIndex }: TrackedTaskRun): Readonly<Record<string, readonly TaskInput[]>> | null {
    if (this.#graph === null) return null;
    return taskInputs(this.#graph, taskKey, mapIndex, {
      kindOf: (slug) => this.#specs.get(slug)?.kind ?? "task",
      widthOf: (slug) => this.#widths.get(slug) ?? null,
      idOf: (slug, index) => this.idOf(slug, index),
    });
  }
}

/** Which use of its task in the flow a slug stands for, from 0: `mean-2` is 1. */
function useOf(slug: string): number {
  const found = /-(\d+)$/.exec(slug);
  return found === null ? 0 : Math.max(0, Number(found[1]) - 1);
}

/** A UUID (version 8, of one's own making) that follows from a text. */
function uuidOf(text: string): string {
  const hex = hash("sha256", text);
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
