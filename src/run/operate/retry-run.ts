import { type FlowRunRow, type RunsApi, runsToRedo, type TaskRunRow } from "../../cloud/index.ts";
import type { Ack } from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { isFinished, makeState, pending, unwrap } from "../../state/index.ts";
import { findRun } from "./find-run.ts";

export interface RetriedRun {
  readonly run: FlowRunRow;
  /** The task runs that run again. */
  readonly again: readonly TaskRunRow[];
  /** How many keep what they have. */
  readonly kept: number;
}

/**
 * Has a flow run that failed or was cancelled go on: what failed, and what followed from it, runs again, everything else
 * keeps its result. The run is Scheduled, and an agent starts it.
 *
 * @throws FlowRunnerError `FLOW_RUN_UNKNOWN`, `FLOW_RUN_UNFINISHED`, `NOTHING_TO_RETRY`, `FLOW_RUN_CHANGED`, and those
 *   of the API
 */
export async function retryRun(api: RunsApi, idOrName: string): Promise<RetriedRun> {
  const run = await findRun(api, idOrName);
  const held = await api.flowRunState(run.id);
  const { type } = unwrap(held.state);
  if (!isFinished(unwrap(held.state))) throw new FlowRunnerError("FLOW_RUN_UNFINISHED", { run: run.name, state: type });
  const [runs, edges] = await Promise.all([api.taskRuns(run.id), api.edges(run.flow.id)]);
  const again = runsToRedo(runs, edges);
  // A run may fail before it has tasks at work (an artifact that is not there): it begins again.
  const unfinished = runs.some(({ state }) => !isFinished(state));
  if (again.length === 0 && !unfinished) throw new FlowRunnerError("NOTHING_TO_RETRY", { run: run.name, state: type });
  await reset(api, run.id, again);
  const message = `Retried by hand: ${countOf(again.length)} run again.`;
  const state = makeState("Scheduled", message, { startTime: Date.now() });
  const flowStates = [{ state, version: held.version }];
  const answers = await api.submit({ flowRunId: run.id, creations: [], taskStates: [], flowStates });
  requireAll(run, answers.flowStates);
  return { run, again, kept: runs.length - again.length };
}

const countOf = (count: number): string => (count === 1 ? "1 task run" : `${count} task runs`);

async function reset(api: RunsApi, flowRunId: string, runs: readonly TaskRunRow[]): Promise<void> {
  const taskStates = runs.map(({ id, version, state }) => ({
    taskRunId: id,
    state: pending(`Retried by hand; it was ${state.type}.`),
    version,
  }));
  const answers = await api.submit({ flowRunId, creations: [], taskStates, flowStates: [] });
  requireAll({ name: flowRunId }, answers.taskStates);
}

/** Somebody else has set a state since it was looked at, such as a second `retry`. */
function requireAll({ name }: Pick<FlowRunRow, "name">, acks: readonly Ack[]): void {
  const refused = acks.find(({ status }) => status !== "accepted");
  if (refused === undefined) return;
  const reason = "reason" in refused ? String(refused.reason) : refused.status;
  throw new FlowRunnerError("FLOW_RUN_CHANGED", { run: name, reason });
}
