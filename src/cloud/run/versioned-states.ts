import { type Ack, type Clock, isPassing } from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { isFailed, isFinished, isRunning, isScheduled, type State, unwrap } from "../../state/index.ts";
import { claimed, ownerOf } from "../claim.ts";
import type { Api } from "../port/api.ts";
import type { FlowRunInfo } from "../port/flow-run-info.ts";
import type { CloudTaskRun } from "./cloud-task-run.ts";
import type { FlowRunWatch } from "./flow-run-watch.ts";
import type { StateQueue } from "./state-queue.ts";

export interface VersionedStatesOptions {
  readonly api: Api;
  readonly info: FlowRunInfo;
  readonly queue: StateQueue;
  readonly watch: FlowRunWatch;
  readonly clock: Clock;
}

/**
 * Sends states, each with the version that its run must still have and, when it is Running, with our mark. So a
 * container that has lost its run cannot replace what another one says. A refusal is final where somebody else has the
 * flow run or has concluded; where the flow run is ours, the state is sent once more upon what the API holds.
 */
export class VersionedStates {
  readonly #options: VersionedStatesOptions;
  #flowVersion: number | null;

  constructor(options: VersionedStatesOptions) {
    this.#options = options;
    this.#flowVersion = options.info.version;
  }

  async setTaskState(run: CloudTaskRun, state: State): Promise<Ack> {
    const ack = await this.#sendTaskState(run, state);
    // What has moved the task run was a container that has lost the flow run, or a server that believed it dead.
    const isWrong =
      ack.status === "refused" &&
      isOpen(ack.current) &&
      !this.#isHeldBack(state, ack.current) &&
      (await this.#isOurs());
    return isWrong ? this.#sendTaskState(run, state) : ack;
  }

  async setFlowState(state: State): Promise<Ack> {
    const ack = await this.#sendFlowState(state);
    if (ack.status !== "accepted") this.#options.watch.goingOn();
    // Prefect 3: the flow's own retries. It is no fault, and not to be overruled.
    if (ack.status === "refused" && ack.current?.type === "Retrying" && isFailed(state)) return ack;
    // A person or an agent has touched it meanwhile.
    const isWrong = ack.status === "refused" && isOpen(ack.current) && (await this.#isFree(state));
    return isWrong ? this.#sendFlowState(state) : ack;
  }

  async #sendTaskState(run: CloudTaskRun, state: State): Promise<Ack> {
    const { api, queue, watch } = this.#options;
    const isStart = state.type === "Running";
    if (isStart && run.version === null) {
      const refusal = await this.#refresh(async () => {
        const held = (await api.taskRunStates([run.id])).get(run.id);
        run.version = held?.version ?? null;
        return held?.state ?? null;
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
    if (this.#flowVersion === null) {
      const refusal = await this.#refresh(async () => {
        const held = await watch.look();
        this.#flowVersion = held.version;
        return held.state;
      });
      if (refusal !== null) return refusal;
    }
    const ack = await queue.setFlowState({ state: claimed(state, watch.runnerId), version: this.#flowVersion });
    this.#flowVersion = versionAfter(this.#flowVersion, ack);
    return ack;
  }

  /** A person has paused or put off what was to start now. */
  #isHeldBack(next: State, current: State | null): boolean {
    if (next.type !== "Running" || current === null || !isScheduled(current)) return false;
    const { startTime } = current;
    return startTime === null || (startTime !== undefined && startTime > this.#options.clock.now());
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

  /**
   * Asks what the API holds; null: the version is known again. While we waited for a queue or a retry somebody may have
   * concluded (a person has cancelled), and that is not overruled.
   */
  async #refresh(ask: () => Promise<State | null>): Promise<Ack | null> {
    try {
      const current = await ask();
      if (current === null || isOpen(current)) return null;
      return { status: "refused", reason: `it is ${current.type} by now`, current };
    } catch (error) {
      if (!(error instanceof FlowRunnerError)) throw error;
      return { status: "undelivered", reason: error.message };
    }
  }
}

/** Something can still become of it: who has the run decides. */
const isOpen = (current: State | null): boolean =>
  current !== null && (!isFinished(unwrap(current)) || isPassing(unwrap(current)));

/** Prefect 1.x counts every state that is stored. What became of the others is asked before the next Running. */
function versionAfter(version: number | null, ack: Ack): number | null {
  return ack.status === "accepted" && version !== null ? version + 1 : null;
}
