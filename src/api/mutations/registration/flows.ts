import { Refusal } from "../../rules/refusal.ts";
import { readFlow, type SerializedFlow } from "../../rules/serialized-flow.ts";
import { jsonColumn, newId, type RequestContext, type Resolver, timeOf, whole } from "../context.ts";
import { cancelFlowRun, findFlowRun } from "../runs/flow-run-states.ts";
import { deleteScheduledRuns } from "../scheduling/delete-scheduled.ts";
import { decompress } from "./compressed-flow.ts";
import { type Group, groupOf } from "./flow-groups.ts";
import { addEdges, addTasks } from "./flow-tasks.ts";
import { activateSchedule } from "./schedules.ts";

interface FlowInput {
  readonly serialized_flow: unknown;
  readonly project_id: string;
  readonly version_group_id?: string | null;
  readonly set_schedule_active?: boolean | null;
  readonly description?: string | null;
  readonly idempotency_key?: string | null;
}

export const flowMutations: Readonly<Record<string, Resolver>> = {
  create_flow: whole((input: FlowInput, context) => ({ id: createFlow(input, context) })),

  create_flow_from_compressed_string: whole((input: FlowInput, context) => ({
    id: createFlow({ ...input, serialized_flow: decompress(String(input.serialized_flow)) }, context),
  })),

  archive_flow: whole(({ flow_id: id }: { flow_id: string }, context) => ({ success: archiveFlow(context, id) })),

  delete_flow: whole(({ flow_id: id }: { flow_id: string }, { database }) => ({
    success: database.run("DELETE FROM flow WHERE id = ?", id) > 0,
  })),
};

/** A new version of the flow; the versions before it are archived, their runs that have not started cancelled. */
function createFlow(input: FlowInput, context: RequestContext): string {
  const { database } = context;
  const flow = readFlow(input.serialized_flow);
  if (database.first("SELECT 1 FROM project WHERE id = ?", input.project_id) === undefined) {
    throw new Refusal("Invalid project.");
  }
  const group = groupOf(context, flow.name, input.project_id, input.version_group_id ?? null);
  const key = input.idempotency_key ?? null;
  const unarchived = database.all(
    "SELECT id FROM flow WHERE version_group_id = ? AND archived = 0 ORDER BY version DESC",
    group.name,
  );
  const [latest] = unarchived;
  if (key !== null && group.settings.idempotency_key === key && latest !== undefined) return String(latest.id);
  const id = insertFlow(context, flow, input, { ...group, settings: { ...group.settings, idempotency_key: key } });
  addTasks(context, id, flow.tasks ?? []);
  addEdges(context, id, flow.edges ?? []);
  for (const version of unarchived) archiveFlow(context, String(version.id));
  if (input.set_schedule_active ?? input.set_schedule_active === undefined) activateIfPossible(context, id);
  return id;
}

/** Prefect 1.x: a schedule that cannot be activated does not keep the flow from being registered. */
function activateIfPossible(context: RequestContext, id: string): void {
  try {
    context.database.step(() => activateSchedule(context, id));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

function insertFlow(context: RequestContext, flow: SerializedFlow, input: FlowInput, group: Group): string {
  const { database, tenantId } = context;
  const [id, now] = [newId(), timeOf(context)];
  const newest = database.first("SELECT max(version) AS version FROM flow WHERE version_group_id = ?", group.name);
  database.run(
    "UPDATE flow_group SET settings = ?, updated = ? WHERE id = ?",
    ...[JSON.stringify(group.settings), now, group.id],
  );
  const { tasks: _, ...withoutTasks } = input.serialized_flow as Readonly<Record<string, unknown>>;
  database.run(
    `INSERT INTO flow (id, tenant_id, project_id, flow_group_id, version_group_id, version, name, description,
       core_version, storage, run_config, environment, parameters, schedule, serialized_flow, created, updated)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[id, tenantId, input.project_id, group.id, group.name, Number(newest?.version ?? 0) + 1, flow.name],
    ...[input.description ?? null, flow.__version__ ?? null, jsonColumn(flow.storage), jsonColumn(flow.run_config)],
    ...[jsonColumn(flow.environment), JSON.stringify(flow.parameters), jsonColumn(flow.schedule)],
    ...[JSON.stringify(withoutTasks), now, now],
  );
  return id;
}

/**
 * Prefect 1.x: an archived flow cannot be run. Its runs that wait to be started are cancelled, those of its schedule
 * deleted.
 */
function archiveFlow(context: RequestContext, id: string): boolean {
  const { database } = context;
  const sql = "UPDATE flow SET archived = 1, updated = ? WHERE id = ?";
  if (database.run(sql, timeOf(context), id) === 0) return false;
  deleteScheduledRuns(context, id);
  for (const row of database.all("SELECT id FROM flow_run WHERE flow_id = ? AND state = 'Scheduled'", id)) {
    const run = findFlowRun(context, String(row.id));
    if (run !== undefined) cancelFlowRun(context, run, `Flow ${id} was archived.`);
  }
  return true;
}
