import type { StateType } from "../../../state/index.ts";
import { checkNotSubmittedTwice, checkVersion, isFinishedType, isRunningType } from "../../rules/admission.ts";
import { type Limit, queuedInstead } from "../../rules/concurrency.ts";
import { Refusal } from "../../rules/refusal.ts";
import { readState, type WireState } from "../../rules/wire-state.ts";
import { itemByItem, type RequestContext, type Resolver, timeOf, whole } from "../context.ts";
import { stateInForce, storeState } from "./store-state.ts";

interface FlowRunStateInput {
  readonly flow_run_id: string;
  readonly version?: number | null;
  readonly state: unknown;
}

export interface FlowRun {
  readonly id: string;
  readonly version: number;
  readonly state: StateType | null;
  readonly labels: string;
}

export const flowRunStateMutations: Readonly<Record<string, Resolver>> = {
  set_flow_run_states: itemByItem("states", ({ flow_run_id: id, version, state }: FlowRunStateInput, context) => {
    const wanted = readState(state, { dialect: context.dialect, now: timeOf(context) });
    const run = findFlowRun(context, id);
    if (run === undefined) throw new Refusal(`State update failed for flow run ID ${id}`);
    checkVersion("flow run", run, version);
    checkNotSubmittedTwice(wanted, lastSubmitted(context, wanted, id), context.now());
    const queued = wanted.type === "Running" ? queuedByLabel(context, run) : null;
    setFlowRunState(context, run, queued ?? wanted);
    return { id, status: queued === null ? "SUCCESS" : "QUEUED", message: queued?.message ?? null };
  }),

  cancel_flow_run: whole(({ flow_run_id: id }: { readonly flow_run_id: string }, context) => ({
    state: cancelFlowRun(context, requireFlowRun(context, id)),
  })),
};

/**
 * Prefect 1.x: a Running flow run becomes Cancelling, which its runner looks for; one that is not running is Cancelled
 * at once; a finished one stays as it is.
 *
 * @returns The state that is then in force.
 */
export function cancelFlowRun(context: RequestContext, run: FlowRun, message?: string): string {
  if (run.state !== null && isFinishedType(run.state)) return run.state;
  const running = run.state !== null && isRunningType(run.state);
  const state: WireState = {
    type: running ? "Cancelling" : "Cancelled",
    message: message ?? (running ? "Flow run is cancelling" : "Flow run is cancelled"),
    context: {},
    cached_inputs: {},
    _result: { type: "NoResultType" },
  };
  setFlowRunState(context, run, state);
  return state.type;
}

export function findFlowRun({ database }: RequestContext, id: string): FlowRun | undefined {
  return database.first("SELECT id, version, state, labels FROM flow_run WHERE id = ?", id) as FlowRun | undefined;
}

/** @throws Refusal when there is none */
export function requireFlowRun(context: RequestContext, id: string): FlowRun {
  const run = findFlowRun(context, id);
  if (run === undefined) throw new Refusal(`Invalid flow run ID: ${id}.`);
  return run;
}

/** Stores a state that has passed the rules. A Cancelled flow run takes its unfinished task runs with it. */
export function setFlowRunState(context: RequestContext, run: Pick<FlowRun, "id" | "version">, state: WireState): void {
  if (state.type === "Cancelled") {
    const taskRuns = context.database.all("SELECT id, version, state FROM task_run WHERE flow_run_id = ?", run.id);
    for (const taskRun of taskRuns as unknown as { id: string; version: number; state: StateType }[]) {
      if (!isFinishedType(taskRun.state)) storeState(context, "task_run", taskRun, state);
    }
  }
  storeState(context, "flow_run", run, state);
  if (state.type === "Submitted" && context.agentId !== null) {
    context.database.run(
      "UPDATE flow_run SET agent_id = agent.id FROM agent WHERE agent.id = ? AND flow_run.id = ?",
      ...[context.agentId, run.id],
    );
  }
}

function lastSubmitted({ database }: RequestContext, state: WireState, flowRunId: string): number | null {
  if (state.type !== "Submitted") return null;
  const sql = "SELECT max(timestamp) AS time FROM flow_run_state WHERE flow_run_id = ? AND state = 'Submitted'";
  const time = database.first(sql, flowRunId)?.time;
  return typeof time === "string" ? Date.parse(time) : null;
}

function queuedByLabel(context: RequestContext, run: FlowRun): WireState | null {
  const limits = context.database.all(
    `SELECT l.label AS name, l."limit", (
       SELECT count(*) FROM flow_run r, json_each(r.labels) j
       WHERE r.state = 'Running' AND r.id <> ? AND j.value = l.label
     ) AS running
     FROM flow_label_limit l JOIN json_each(?) x ON x.value = l.label`,
    ...[run.id, run.labels],
  ) as unknown as Limit[];
  if (limits.length === 0) return null;
  return queuedInstead(limits, stateInForce(context, "flow_run", run.id), context.now());
}
