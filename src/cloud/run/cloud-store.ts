import type { Ack, Clock, RunStore, TaskRunEntry } from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { type State, unwrap } from "../../state/index.ts";
import type { UndeliveredStates } from "../kept/undelivered-states.ts";
import type { Api } from "../port/api.ts";
import type { FlowRunInfo, TaskRunInfo } from "../port/flow-run-info.ts";
import type { CachedLookup } from "./cached-lookup.ts";
import { ChildrenAhead } from "./children-ahead.ts";
import { CloudTaskRun } from "./cloud-task-run.ts";
import type { FlowRunWatch } from "./flow-run-watch.ts";
import type { StateQueue } from "./state-queue.ts";
import { VersionedStates } from "./versioned-states.ts";

export interface CloudStoreOptions {
  readonly api: Api;
  readonly info: FlowRunInfo;
  readonly queue: StateQueue;
  readonly watch: FlowRunWatch;
  readonly cache: CachedLookup;
  readonly undelivered: UndeliveredStates;
  readonly clock: Clock;
  /** Nothing is asked any more. */
  readonly signal: AbortSignal;
}

/** The run's states in an API: finds its task runs, sends their states, notes what could not be delivered. */
export class CloudStore implements RunStore {
  readonly #options: CloudStoreOptions;
  #taskRuns: ReadonlyMap<string, { readonly taskId: string; readonly run: CloudTaskRun }> = new Map();
  readonly #children = new Map<string, ChildrenAhead>();
  readonly #states: VersionedStates;
  readonly #running = new Set<string>();

  constructor(options: CloudStoreOptions) {
    this.#options = options;
    this.#states = new VersionedStates(options);
    this.plan(options.info.taskRuns);
  }

  /** The flow is loaded: these are the task runs of its tasks. */
  plan(taskRuns: readonly TaskRunInfo[]): void {
    this.#taskRuns = new Map(
      taskRuns.map((each) => [each.slug, { taskId: each.taskId, run: new CloudTaskRun(each.slug, null, each) }]),
    );
  }

  /** Ids of the task runs that the API knows to be Running, by us. */
  get running(): readonly string[] {
    return [...this.#running];
  }

  async taskRun(slug: string): Promise<TaskRunEntry> {
    return this.#known(slug).run;
  }

  children(slug: string, first: number, count: number): readonly Promise<TaskRunEntry>[] {
    const children = this.#childrenOf(slug);
    return Array.from({ length: count }, (_, at) => children.get(first + at));
  }

  async cachedStates(slug: string, cacheKey: string | null, newerThan: number): Promise<readonly State[]> {
    return this.#options.cache.get({ taskId: this.#known(slug).taskId, cacheKey, newerThan });
  }

  async setTaskState(entry: TaskRunEntry, state: State): Promise<Ack> {
    const run = this.#ours(entry);
    if (state.type === "Mapped") this.#childrenOf(run.slug).width = state.mapCount ?? null;
    const waits = state.type === "Running" ? await this.#takeSlots(run.id) : null;
    if (waits !== null) return waits;
    this.#running.delete(run.id);
    const ack = await this.#states.setTaskState(run, state);
    if (state.type === "Running" && ack.status === "accepted") this.#running.add(run.id);
    this.#note(run.id, state, ack);
    return ack;
  }

  async setFlowState(state: State): Promise<Ack> {
    const ack = await this.#states.setFlowState(state);
    this.#note(null, state, ack);
    return ack;
  }

  /** Null: it may run. */
  async #takeSlots(taskRunId: string): Promise<Ack | null> {
    const { api, signal } = this.#options;
    return (await api.prefect3?.takeSlots(taskRunId, { signal })) ?? null;
  }

  /** The flow run is begun once more, with the results that were kept. */
  startOver(): void {
    const { api, info } = this.#options;
    this.#children.clear();
    this.#running.clear();
    if (api.prefect3 !== undefined) this.plan(api.prefect3.startOver(info.id));
  }

  #known(slug: string): { readonly taskId: string; readonly run: CloudTaskRun } {
    const known = this.#taskRuns.get(slug);
    if (known === undefined) throw new FlowRunnerError("TASK_RUN_UNKNOWN", { slug, flowRunId: this.#options.info.id });
    return known;
  }

  #ours(entry: TaskRunEntry): CloudTaskRun {
    if (entry instanceof CloudTaskRun) return entry;
    throw new TypeError(`The task run of ${entry.slug} does not come from this store`);
  }

  #childrenOf(slug: string): ChildrenAhead {
    let children = this.#children.get(slug);
    if (children === undefined) {
      const { api, queue, info } = this.#options;
      const { run, taskId } = this.#known(slug);
      const parent = unwrap(run.initialState);
      children = new ChildrenAhead(api, queue, info.id, {
        slug,
        taskId,
        width: parent.mapCount ?? null,
        resumed: parent.type === "Mapped",
      });
      this.#children.set(slug, children);
    }
    return children;
  }

  /** A Running that was not delivered is no fact: nothing has run. Everything else must not be lost. */
  #note(taskRunId: string | null, state: State, ack: Ack): void {
    if (ack.status !== "undelivered" || state.type === "Running") return;
    const { undelivered, clock } = this.#options;
    undelivered.add({ taskRunId, state, reason: ack.reason, time: clock.now() });
  }
}
