import { redoText, runsToRedo } from "../../../cloud/runs-to-redo.ts";
import { FlowRunnerError } from "../../../errors/index.ts";
import { isFinished, makeState, reset, type State, type StateType, unwrap } from "../../../state/index.ts";
import { fromWire1x, toWire1x } from "../../../state/wire/index.ts";
import { carryCachedInputs } from "../../rules/admission.ts";
import { readState, type WireState } from "../../rules/wire-state.ts";
import { type RequestContext, timeOf } from "../context.ts";
import { requireFlowRun, setFlowRunState } from "./flow-run-states.ts";
import { stateInForce, storeState } from "./store-state.ts";

interface HeldRun {
  readonly id: string;
  readonly version: number;
  readonly mapIndex: number | null;
  readonly task: { readonly id: string };
  readonly state: State;
}

/**
 * Has a flow run that failed or was cancelled go on, as `flow-runner retry` does through any API: what failed, and what
 * followed from it, is Pending again, and the run is Scheduled.
 *
 * @returns how many task runs run again
 * @throws Refusal, FlowRunnerError `FLOW_RUN_UNFINISHED`, `NOTHING_TO_RETRY`
 */
export function retryFlowRun(context: RequestContext, id: string): number {
  const run = requireFlowRun(context, id);
  const name = String(context.database.first("SELECT name FROM flow_run WHERE id = ?", id)?.name);
  const state = unwrap(held(context, "flow_run", id, run.state ?? "Scheduled"));
  if (!isFinished(state)) throw new FlowRunnerError("FLOW_RUN_UNFINISHED", { run: name, state: state.type });
  const runs = taskRuns(context, id);
  const again = runsToRedo(runs, edges(context, id));
  // A run may fail before it has tasks at work (an artifact that is not there): it begins again.
  if (again.length === 0 && runs.every((each) => isFinished(each.state))) {
    throw new FlowRunnerError("NOTHING_TO_RETRY", { run: name, state: state.type });
  }
  for (const each of again) {
    const pending = sent(context, reset(each.state.type, `Retried by hand; it was ${each.state.type}.`));
    storeState(context, "task_run", each, carryCachedInputs(pending, stateInForce(context, "task_run", each.id)));
  }
  const message = `Retried by hand: ${redoText(again.length)}.`;
  setFlowRunState(context, run, sent(context, makeState("Scheduled", message, { startTime: context.now() })));
  return again.length;
}

/** As a client would have sent it. */
const sent = (context: RequestContext, state: State): WireState =>
  readState(toWire1x(state), { dialect: "1.x", now: timeOf(context) });

function taskRuns(context: RequestContext, flowRunId: string): HeldRun[] {
  const rows = context.database.all(
    "SELECT id, version, state, task_id, map_index FROM task_run WHERE flow_run_id = ? ORDER BY rowid",
    flowRunId,
  );
  return rows.map((row) => ({
    ...{ id: String(row.id), version: Number(row.version), task: { id: String(row.task_id) } },
    mapIndex: Number(row.map_index) < 0 ? null : Number(row.map_index),
    state: held(context, "task_run", String(row.id), row.state as StateType),
  }));
}

function edges({ database }: RequestContext, flowRunId: string) {
  const rows = database.all(
    `SELECT upstream_task_id AS upstream, downstream_task_id AS downstream, mapped FROM edge
     WHERE flow_id = (SELECT flow_id FROM flow_run WHERE id = ?)`,
    flowRunId,
  );
  return rows.map(({ upstream, downstream, mapped }) => ({
    ...{ upstream: String(upstream), downstream: String(downstream), mapped: mapped === 1 },
  }));
}

const wrappers: ReadonlySet<StateType> = new Set(["Submitted", "Queued", "ClientFailed"]);

/** Only of a wrapper there is more to know than its type; a state may be a megabyte. */
function held(context: RequestContext, kind: "flow_run" | "task_run", id: string, type: StateType): State {
  return wrappers.has(type) ? fromWire1x(stateInForce(context, kind, id)) : makeState(type);
}
