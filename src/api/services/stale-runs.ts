import { toWireTime } from "../../state/index.ts";
import type { RequestContext } from "../mutations/context.ts";
import { type FlowRun, setFlowRunState } from "../mutations/runs/flow-run-states.ts";
import { insertLog } from "../mutations/runs/logs.ts";
import { readState } from "../rules/wire-state.ts";

/** Milliseconds after which a flow run without a heartbeat has nobody that sees to it. Prefect Server: ten minutes. */
const staleAfter = 10 * 60_000;

/** The flow runs in one of these states whose heartbeat is stale, oldest first. */
export function staleRuns({ database, now }: RequestContext, ...states: readonly FlowRun["state"][]): FlowRun[] {
  return database.all(
    `SELECT id, version, state, labels FROM flow_run
     WHERE state IN (SELECT value FROM json_each(?)) AND heartbeat <= ? ORDER BY updated`,
    ...[JSON.stringify(states), toWireTime(now() - staleAfter)],
  ) as unknown as FlowRun[];
}

/** Sets the state, and says so in the run's log. */
export function moveOn(
  context: RequestContext,
  run: FlowRun,
  state: { readonly type: "Scheduled" | "Failed" | "Cancelled"; readonly message: string },
  service: string,
): void {
  setFlowRunState(context, run, readState(state, { dialect: "1.x", now: toWireTime(context.now()) }));
  const { message } = state;
  const level = state.type === "Scheduled" ? "INFO" : "ERROR";
  insertLog(context, { flow_run_id: run.id, name: `prefect-server.${service}.FlowRun`, level, message });
}
