import { type Ack, type Clock, isPassing, type RunStore, type TaskRunEntry } from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { isFinished, isRunning, type State, unwrap } from "../../state/index.ts";
import type { Api, FlowRunInfo } from "../api.ts";
import { claimed, ownerOf } from "../claim.ts";
import type { UndeliveredStates } from "../kept/undelivered-states.ts";
import type { CachedLookup } from "./cached-lookup.ts";
import { ChildrenAhead } from "./children-ahead.ts";
import { CloudTaskRun } from "./cloud-task-run.ts";
import type { FlowRunWatch } from "./flow-run-watch.ts";
import type { StateQueue } from "./state-queue.ts";

export interface CloudStoreOptions {
  readonly api: Api;
  readonly info: FlowRunInfo;
  readonly queue: StateQueue;
  readonly watch: FlowRunWatch;
  readonly cache: CachedLookup;
  readonly undelivered: UndeliveredStates;
  readonly clock: Clock;
}

/** The run's states in an API: keeps the versions, marks what is ours, notes what could not be delivered. */
export class CloudStore implements RunStore {
  readonly #options: CloudStoreOptions;
  readonly #taskRuns: ReadonlyMap<string, CloudTaskRun>;
  readonly #children = new Map<string, ChildrenAhead>();
  #flowVersion: number | null;

  constructor(options: CloudStoreOptions) {
    this.#options = options;
    this.#flowVersion = options.info.version;
    this.#taskRuns = new Map(options.info.taskRuns.map((run) => [run.slug, new CloudTaskRun(run.slug, null, run)]));
  }

  async taskRun(slug: string): Promise<TaskRunEntry> {
    return this.#known(slug);
  }

  children(slug: string, first: number, count: number): readonly Promise<TaskRunEntry>[] {
    const children = this.#childrenOf(slug);
    return Array.from({ length: count }, (_, at) => children.get(first + at));
  }

  async cachedStates(slug: string, cacheKey: string | null, newerThan: number): Promise<readonly State[]> {
    return this.#options.cache.get({ taskId: this.#taskId(slug), cacheKey, newerThan });
  }

  async setTaskState(entry: TaskRunEntry, state: State): Promise<Ack> {
    const run = this.#ours(entry);
    if (state.type === "Mapped") this.#childrenOf(run.slug).width = state.mapCount ?? null;
    let ack = await this.#sendTaskState(run, state);
    if (ack.status === "refused" && isOpen(ack.current) && (await this.#isOurs())) {
      // What has moved the task run was a container that has lost the flow run, or a server that believed it dead.
      ack = await this.#sendTaskState(run, state);
    }
    this.#note(run.id, state, ack);
    return ack;
  }

  async setFlowState(state: State): Promise<Ack> {
    let ack = await this.#sendFlowState(state);
    if (ack.status === "refused" && isOpen(ack.current) && (await this.#isFree(state))) {
      // A person or an agent has touched it meanwhile, and nobody else runs it.
      ack = await this.#sendFlowState(state);
    }
    this.#note(null, state, ack);
    return ack;
  }

  async #sendTaskState(run: CloudTaskRun, state: State): Promise<Ack> {
    const { api, queue, watch } = this.#options;
    const isStart = state.type === "Running";
    if (isStart && run.version === null) {
      const refusal = await this.#refresh(async () => {
        const held = await api.taskRunStates([run.id]);
        run.version = held.get(run.id)?.version ?? null;
      });
      if (refusal !== null) return refusal;
    }
    const ack = await queue.setTaskState({
      taskRunId: run.id,
      state: claimed(state, watch.runnerId),
      version: run.version,
      flowRunVersion: isStart ? this.#flowVersion : null,
    });
    run.version = versionAfter(run.version, ack);
    return ack;
  }

  async #sendFlowState(state: State): Promise<Ack> {
    const { queue, watch } = this.#options;
    if (isFinished(state)) watch.concluding();
    if (state.type === "Running" && this.#flowVersion === null) {
      const refusal = await this.#refresh(async () => {
        this.#flowVersion = (await watch.look()).version;
      });
      if (refusal !== null) return refusal;
    }
    const ack = await queue.setFlowState({ state: claimed(state, watch.runnerId), version: this.#flowVersion });
    this.#flowVersion = versionAfter(this.#flowVersion, ack);
    return ack;
  }

  /** Whether the flow run is Running and ours, so that nobody else has a say in its task runs. */
  async #isOurs(): Promise<boolean> {
    const { watch } = this.#options;
    const held = await watch.held();
    if (held === null || ownerOf(held.state) !== watch.runnerId) return false;
    this.#flowVersion = held.version;
    return true;
  }

  /** Whether a state that was refused may follow what the flow run is in: it is not another container's. */
  async #isFree(next: State): Promise<boolean> {
    const { watch } = this.#options;
    const held = await watch.held();
    if (held === null) return false;
    const { type } = held.state;
    const isTaken = type === "Running" || (next.type === "Running" && isRunning(held.state));
    if (isTaken && ownerOf(held.state) !== watch.runnerId) return false;
    this.#flowVersion = held.version;
    return true;
  }

  #known(slug: string): CloudTaskRun {
    const run = this.#taskRuns.get(slug);
    if (run === undefined) throw new FlowRunnerError("TASK_RUN_UNKNOWN", { slug, flowRunId: this.#options.info.id });
    return run;
  }

  #taskId(slug: string): string {
    const run = this.#options.info.taskRuns.find((each) => each.slug === slug);
    if (run === undefined) throw new FlowRunnerError("TASK_RUN_UNKNOWN", { slug, flowRunId: this.#options.info.id });
    return run.taskId;
  }

  #ours(entry: TaskRunEntry): CloudTaskRun {
    if (entry instanceof CloudTaskRun) return entry;
    throw new TypeError(`The task run of ${entry.slug} does not come from this store`);
  }

  #childrenOf(slug: string): ChildrenAhead {
    let children = this.#children.get(slug);
    if (children === undefined) {
      const { api, queue, info } = this.#options;
      const parent = unwrap(this.#known(slug).initialState);
      children = new ChildrenAhead(api, queue, info.id, {
        slug,
        taskId: this.#taskId(slug),
        width: parent.mapCount ?? null,
        resumed: parent.type === "Mapped",
      });
      this.#children.set(slug, children);
    }
    return children;
  }

  /** Null: the version is known again. */
  async #refresh(ask: () => Promise<void>): Promise<Ack | null> {
    try {
      await ask();
      return null;
    } catch (error) {
      if (!(error instanceof FlowRunnerError)) throw error;
      return { status: "undelivered", reason: error.message };
    }
  }

  /** A Running that was not delivered is no fact: nothing has run. Everything else must not be lost. */
  #note(taskRunId: string | null, state: State, ack: Ack): void {
    if (ack.status !== "undelivered" || state.type === "Running") return;
    const { undelivered, clock } = this.#options;
    undelivered.add({ taskRunId, state, reason: ack.reason, time: clock.now() });
  }
}

/** Something can still become of it: who has the run decides. */
const isOpen = (current: State | null): boolean =>
  current !== null && (!isFinished(unwrap(current)) || isPassing(unwrap(current)));

/** Prefect 1.x counts every state that is stored. What became of the others is asked before the next Running. */
function versionAfter(version: number | null, ack: Ack): number | null {
  return ack.status === "accepted" && version !== null ? version + 1 : null;
}
