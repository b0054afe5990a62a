import {
  andDownstream,
  type FlowRunRow,
  type HeldFlowState,
  type RunsApi,
  redoText,
  runsToRedo,
  type TaskRunRow,
} from "../../cloud/index.ts";
import type { Ack } from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { isFinished, isScheduled, isSuccessful, reset, type State, unwrap } from "../../state/index.ts";
import { chosenTaskRuns } from "./chosen-task-runs.ts";

export interface SetBackRun {
  readonly run: FlowRunRow;
  /** The task runs that run again. */
  readonly again: readonly TaskRunRow[];
  /** How many keep what they have. */
  readonly kept: number;
}

export interface SetBackOptions {
  /** What is said of each of its task runs that run again: `Retried by hand`. */
  readonly word: string;
  /** The state of the flow run, from what is to be said of it. */
  readonly flowState: (message: string) => State;
  /** Only this part of it, by the name of its task; left out: what failed or was cancelled, and what followed from it. */
  readonly only?: { readonly task: string; readonly downstream: boolean } | undefined;
}

/**
 * Has a flow run that is over go on: what failed or was cancelled, and what followed from it, is Pending again,
 * everything else keeps its result.
 *
 * @throws FlowRunnerError `NOTHING_TO_RETRY`, `FLOW_RUN_CHANGED`, and those of the API
 */
export async function setBack(
  api: RunsApi,
  run: FlowRunRow,
  held: HeldFlowState,
  { word, flowState, only }: SetBackOptions,
): Promise<SetBackRun> {
  const { taskRuns: runs, edges } = await api.taskGraph(run);
  const chosen = only === undefined ? [] : chosenTaskRuns(runs, run, only.task);
  const redo = new Set(
    only === undefined ? runsToRedo(runs, edges) : only.downstream ? andDownstream(chosen, runs, edges) : chosen,
  );
  // A run may fail before it has tasks at work (an artifact that is not there): it begins again.
  const unfinished = runs.some(({ state }) => !isFinished(state));
  const { type } = unwrap(held.state);
  // Prefect 3 does not tell of tasks that the run has not come to.
  const hasMore = api.prefect3 !== undefined && !isSuccessful(unwrap(held.state));
  if (redo.size === 0 && !unfinished && !hasMore)
    throw new FlowRunnerError("NOTHING_TO_RETRY", { run: run.name, state: type });
  const again = runs.filter((each) => redo.has(each) || (only === undefined && each.unpersisted === true));
  const taskStates = again.map(({ id, version, state }) => ({
    taskRunId: id,
    state: reset(state.type, `${word}; it was ${state.type}.`),
    version,
  }));
  const state = flowState(`${word}: ${redoText(again.length)}.`);
  const batch = { flowRunId: run.id, creations: [], taskStates: [], flowStates: [] };
  const setTaskRuns = async () => requireAll(run, (await api.submit({ ...batch, taskStates })).taskStates);
  const setFlowRun = async () =>
    requireAll(run, (await api.submit({ ...batch, flowStates: [{ state, version: held.version }] })).flowStates);
  // Whoever starts a Scheduled run is to find its task runs set back. In this process a limit of Prefect 3's may keep the
  // run from going on, and nothing is to have changed then.
  const mayBeKept = api.prefect3 !== undefined && !isScheduled(state);
  for (const set of mayBeKept ? [setFlowRun, setTaskRuns] : [setTaskRuns, setFlowRun]) await set();
  return { run, again, kept: runs.length - again.length };
}

/** Somebody else has set a state since it was looked at, such as a second `retry`. */
function requireAll({ name }: FlowRunRow, acks: readonly Ack[]): void {
  const refused = acks.find(({ status }) => status !== "accepted");
  if (refused === undefined) return;
  const reason = "reason" in refused ? String(refused.reason) : refused.status;
  throw new FlowRunnerError("FLOW_RUN_CHANGED", { run: name, reason });
}
