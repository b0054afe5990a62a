import { FlowRunnerError } from "../../../errors/index.ts";
import { isFinished, pending, type State } from "../../../state/index.ts";
import { FlowTasks } from "./flow-tasks.ts";
import { keptMapped } from "./kept-states.ts";
import { type TaskInput, taskInputs } from "./task-inputs.ts";
import { taskRunId } from "./task-run-id.ts";
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
  /** Task runs can be made once these are known. */
  readonly tasks = new FlowTasks();
  #names: FlowRunNames;
  readonly #recorded: ReadonlyMap<string, TaskRunRow>;
  readonly #byId = new Map<string, TrackedTaskRun>();
  readonly #widths = new Map<string, number>();
  #keepsFinished = false;

  constructor(names: FlowRunNames, recorded: readonly TaskRunRow[]) {
    this.#names = names;
    this.#recorded = new Map(recorded.map((row) => [naturalKey(row), row]));
  }

  get names(): FlowRunNames {
    return this.#names;
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

  /** The state in which a mapped task is found: whether it has children is found out again, unless all is to stay as it is. */
  mappedState(slug: string): State {
    if (!this.#keepsFinished) return pending();
    const upstream = this.tasks.mappedOver(slug).flatMap((each) => this.#recordedOf(each));
    const state = keptMapped(this.#recordedOf(slug), upstream);
    if (state.mapCount !== undefined) this.widen(slug, state.mapCount);
    return state;
  }

  #recordedOf(slug: string): readonly TaskRunRow[] {
    return [...this.#recorded.values()].filter(({ task_key }) => task_key === slug);
  }

  /** The task run of a task, or of one of its mapped children. */
  taskRun(slug: string, index: number | null): TrackedTaskRun {
    const mapIndex = index ?? (this.tasks.isMapped(slug) ? 0 : null);
    const spec = this.tasks.specOf(slug);
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
    return recorded?.id ?? taskRunId(this.names.flowRunId, slug, mapIndex);
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
    return run === undefined || this.tasks.isTold(run.taskKey);
  }

  /** Null: the flow is not loaded here, and what is recorded of them stays. */
  inputsOf({ taskKey, mapIndex }: TrackedTaskRun): Readonly<Record<string, readonly TaskInput[]>> | null {
    const { graph } = this.tasks;
    if (graph === null) return null;
    return taskInputs(graph, taskKey, mapIndex, {
      kindOf: (slug) => this.tasks.specOf(slug)?.kind ?? "task",
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
