import type { Row } from "../../database/database.ts";
import { runLabels } from "../../rules/labels.ts";
import { Refusal } from "../../rules/refusal.ts";
import { runName } from "../../rules/run-name.ts";
import { runParameters } from "../../rules/run-parameters.ts";
import { readJsonObject, readRunConfig } from "../../rules/serialized-flow.ts";
import { jsonColumn, newId, type RequestContext, type Resolver, timeOf, whole } from "../context.ts";
import { setFlowRunState } from "./flow-run-states.ts";
import { createTaskRun } from "./task-runs.ts";

interface FlowRunInput {
  readonly flow_id?: string | null;
  readonly version_group_id?: string | null;
  readonly parameters?: unknown;
  readonly context?: unknown;
  readonly labels?: readonly string[] | null;
  readonly run_config?: unknown;
  readonly scheduled_start_time?: string | null;
  readonly idempotency_key?: string | null;
  readonly flow_run_name?: string | null;
  /** A schedule asks for it; requests cannot say so. */
  readonly auto_scheduled?: true;
}

export const flowRunMutations: Readonly<Record<string, Resolver>> = {
  create_flow_run: whole((input: FlowRunInput, context) => ({ id: createFlowRunOnce(input, context) })),

  delete_flow_run: whole(({ flow_run_id: id }: { flow_run_id: string }, { database }) => ({
    success: database.run("DELETE FROM flow_run WHERE id = ?", id) > 0,
  })),

  set_flow_run_name: whole(({ flow_run_id: id, name }: { flow_run_id: string; name: string }, context) => {
    if (name === "") throw new Refusal("Invalid name");
    return { success: change(context, "name", name, id) };
  }),

  set_flow_run_labels: whole(({ flow_run_id: id, labels }: { flow_run_id: string; labels: string[] }, context) => ({
    success: change(context, "labels", JSON.stringify([...labels].sort()), id),
  })),
};

/**
 * Creates a run, unless the flow has one with the same idempotency key; gives the run's id.
 *
 * @throws Refusal
 */
export function createFlowRunOnce(input: FlowRunInput, context: RequestContext): string {
  const flow = flowToRun(input, context);
  const earlier = context.database.first(
    "SELECT id FROM flow_run WHERE flow_id = ? AND idempotency_key = ?",
    ...[String(flow.id), input.idempotency_key ?? null],
  );
  return earlier === undefined ? createFlowRun(input, flow, context) : String(earlier.id);
}

function change(context: RequestContext, column: "name" | "labels", value: string, id: string): boolean {
  const sql = `UPDATE flow_run SET ${column} = ?, updated = ? WHERE id = ?`;
  return context.database.run(sql, value, timeOf(context), id) > 0;
}

function flowToRun({ flow_id: id, version_group_id: group }: FlowRunInput, { database }: RequestContext): Row {
  const columns = `f.id, f.archived, f.parameters, f.run_config, f.environment, g.default_parameters AS group_parameters,
    g.labels AS group_labels, g.run_config AS group_run_config FROM flow f JOIN flow_group g ON g.id = f.flow_group_id`;
  if (id) {
    const flow = database.first(`SELECT ${columns} WHERE f.id = ?`, id);
    if (flow === undefined) throw new Refusal(`Flow ${id} not found`);
    if (flow.archived === 1) throw new Refusal(`Flow ${id} is archived.`);
    return flow;
  }
  if (!group) throw new Refusal("A flow id or version group ID must be provided.");
  const latest = `SELECT ${columns} WHERE f.version_group_id = ? AND f.archived = 0 ORDER BY f.version DESC LIMIT 1`;
  const flow = database.first(latest, group);
  if (flow === undefined) throw new Refusal(`Version group ${group} has no unarchived flows.`);
  return flow;
}

function createFlowRun(input: FlowRunInput, flow: Row, context: RequestContext): string {
  const { database, tenantId } = context;
  const given = (value: unknown, name: string) => (value ? readJsonObject(value, name) : {});
  const parameters = runParameters(
    fromColumn(flow.parameters) ?? [],
    fromColumn(flow.group_parameters) ?? {},
    given(input.parameters, "parameters"),
  );
  const runConfig = input.run_config ? readRunConfig(input.run_config) : null;
  const labels = runLabels({
    given: input.labels ?? null,
    givenRunConfig: runConfig,
    group: fromColumn(flow.group_labels),
    groupRunConfig: fromColumn(flow.group_run_config),
    flowRunConfig: fromColumn(flow.run_config),
    flowEnvironment: fromColumn(flow.environment),
  });
  const id = newId();
  const now = timeOf(context);
  const start = input.scheduled_start_time ?? now;
  database.run(
    `INSERT INTO flow_run (id, tenant_id, flow_id, name, idempotency_key, parameters, context, labels, run_config,
       auto_scheduled, scheduled_start_time, created, updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[id, tenantId, flow.id ?? null, input.flow_run_name || runName(Math.random), input.idempotency_key ?? null],
    ...[JSON.stringify(parameters), JSON.stringify(given(input.context, "context")), JSON.stringify(labels)],
    ...[jsonColumn(runConfig) ?? flow.group_run_config ?? flow.run_config ?? null, input.auto_scheduled ? 1 : 0],
    ...[start, now, now],
  );
  for (const task of database.all("SELECT id, cache_key FROM task WHERE flow_id = ? ORDER BY rowid", String(flow.id))) {
    const cacheKey = task.cache_key === null ? null : String(task.cache_key);
    createTaskRun(context, { flowRunId: id, taskId: String(task.id), mapIndex: -1, cacheKey }, now);
  }
  const scheduled = { type: "Scheduled", message: "Flow run scheduled.", start_time: start } as const;
  const rest = { context: {}, cached_inputs: {}, _result: { type: "NoResultType" } };
  setFlowRunState(context, { id, version: 0 }, { ...scheduled, ...rest });
  return id;
}

/** What this API itself has written as JSON. */
function fromColumn<Value>(column: Row[string] | undefined): Value | null {
  return typeof column === "string" ? JSON.parse(column) : null;
}
