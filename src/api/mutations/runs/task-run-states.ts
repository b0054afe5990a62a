import { carryCachedInputs, checkFlowRunIsRunning, checkVersion } from "../../rules/admission.ts";
import { type Limit, queuedInstead } from "../../rules/concurrency.ts";
import { Refusal } from "../../rules/refusal.ts";
import { readState, type WireState } from "../../rules/wire-state.ts";
import { itemByItem, type RequestContext, type Resolver, timeOf } from "../context.ts";
import { stateInForce, storeState } from "./store-state.ts";

interface TaskRunStateInput {
  readonly task_run_id: string;
  readonly version?: number | null;
  readonly flow_run_version?: number | null;
  readonly state: unknown;
}

interface TaskRun {
  readonly id: string;
  readonly version: number;
  readonly flowRunId: string;
  readonly flowRunState: string | null;
  readonly flowRunVersion: number;
  /** The state in force has cached inputs; told by its text, for a state may be large. */
  readonly hasCachedInputs: number;
}

export const taskRunStateMutations: Readonly<Record<string, Resolver>> = {
  set_task_run_states: itemByItem("states", (input: TaskRunStateInput, context) => {
    const { task_run_id: id, version, flow_run_version: flowRunVersion } = input;
    const sent = readState(input.state, { dialect: context.dialect, now: timeOf(context) });
    const run = find(context, id);
    if (run === undefined) throw new Refusal(`State update failed for task run ID ${id}`);
    checkFlowRunIsRunning(sent, run);
    checkVersion("task run", run, version);
    checkVersion("flow run", { id: run.flowRunId, version: run.flowRunVersion }, flowRunVersion);
    const previous = run.hasCachedInputs === 1 ? stateInForce(context, "task_run", id) : null;
    const wanted = carryCachedInputs(sent, previous);
    const queued = wanted.type === "Running" ? queuedByTag(context, id) : null;
    storeState(context, "task_run", run, queued ?? wanted);
    return { id, status: queued === null ? "SUCCESS" : "QUEUED", message: queued?.message ?? null };
  }),
};

function find({ database }: RequestContext, id: string): TaskRun | undefined {
  return database.first(
    `SELECT r.id, r.version, f.id AS flowRunId, f.state AS flowRunState, f.version AS flowRunVersion,
       instr(s.serialized_state, '"cached_inputs":{"') > 0 AS hasCachedInputs
     FROM task_run r JOIN flow_run f ON f.id = r.flow_run_id
       JOIN task_run_state s ON s.task_run_id = r.id AND s.version = r.version
     WHERE r.id = ?`,
    id,
  ) as TaskRun | undefined;
}

function queuedByTag(context: RequestContext, id: string): WireState | null {
  const { database } = context;
  if (database.first("SELECT 1 FROM task_tag_limit LIMIT 1") === undefined) return null;
  const limits = database.all(
    `SELECT l.tag AS name, l."limit", (
       SELECT count(*) FROM task_run o JOIN task ot ON ot.id = o.task_id, json_each(ot.tags) j
       WHERE o.state = 'Running' AND o.id <> r.id AND j.value = l.tag
     ) AS running
     FROM task_run r JOIN task t ON t.id = r.task_id, json_each(t.tags) x JOIN task_tag_limit l ON l.tag = x.value
     WHERE r.id = ?`,
    id,
  ) as unknown as Limit[];
  return limits.length === 0 ? null : queuedInstead(limits, stateInForce(context, "task_run", id), context.now());
}
