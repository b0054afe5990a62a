import { type AgentApi, type DueTaskRun, type StartableRun, submitted } from "../../cloud/index.ts";
import { isScheduled } from "../../state/index.ts";

/**
 * Takes a flow run, and what is due of it, out of the queue by making it Submitted. Each state is sent with the version
 * that was read, so that of several agents one gets the run; with servers that do not look at versions Prefect's own
 * rule (no second Submitted within 30 seconds) decides about a scheduled run, and the containers' heartbeats about one
 * that is Running.
 *
 * @returns whether the run is this agent's to start
 */
export async function submitRun(
  api: Pick<AgentApi, "submit">,
  run: StartableRun,
  taskRuns: readonly DueTaskRun[],
  submissionId: string,
): Promise<boolean> {
  const nothing = { flowRunId: run.id, creations: [], taskStates: [], flowStates: [] };
  const waits = isScheduled(run.state) || run.state.type === "Queued";
  if (waits) {
    const state = submitted(run.state, submissionId, "Submitted for execution");
    const { flowStates } = await api.submit({ ...nothing, flowStates: [{ state, version: run.version }] });
    if (flowStates[0]?.status !== "accepted") return false;
  }
  if (taskRuns.length === 0) return waits;
  const { taskStates } = await api.submit({
    ...nothing,
    taskStates: taskRuns.map(({ id, state, version }) => ({
      taskRunId: id,
      state: submitted(state, submissionId, "Submitted for execution."),
      version,
    })),
  });
  return waits || taskStates.some(({ status }) => status === "accepted");
}
