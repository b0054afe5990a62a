import { Refusal } from "../../rules/refusal.ts";
import type { WireState } from "../../rules/wire-state.ts";
import { newId, type RequestContext, type Resolver, timeOf, whole } from "../context.ts";
import { insertState, stateInForce } from "./store-state.ts";

interface TaskRunInput {
  readonly flow_run_id: string;
  readonly task_id: string;
  /** -1, or none: the task is not mapped, or it is the parent of a mapping. */
  readonly map_index?: number | null;
}

interface TaskRunInfo {
  readonly id: string;
  readonly version: number;
  readonly state: string;
  readonly serialized_state: WireState;
}

/** Prefect 1.x: exactly this, no more. */
const taskRunCreated: WireState = { type: "Pending", message: "Task run created" };

export const taskRunMutations: Readonly<Record<string, Resolver>> = {
  get_or_create_task_run_info: whole(getOrCreate),

  get_or_create_task_run: whole((input: TaskRunInput, context) => ({ id: getOrCreate(input, context).id })),

  set_task_run_name: whole(({ task_run_id: id, name }: { task_run_id: string; name: string }, context) => {
    if (name === "") throw new Refusal("Invalid name");
    const changed = context.database.run(
      "UPDATE task_run SET name = ?, updated = ? WHERE id = ?",
      ...[name, timeOf(context), id],
    );
    return { success: changed > 0 };
  }),
};

/** The query of the same name: a task run as it is. */
export const getTaskRunInfo: Resolver = (_, { task_run_id: id }: { task_run_id: string }, context) => {
  const row = context.database.first("SELECT id, version, state FROM task_run WHERE id = ?", id);
  if (row === undefined) throw new Refusal("Invalid task run ID");
  return { ...row, serialized_state: stateInForce(context, "task_run", id) };
};

/** Adds a task run as Prefect 1.x makes it; its first state has version 0. */
export function createTaskRun(
  context: RequestContext,
  run: { flowRunId: string; taskId: string; mapIndex: number; cacheKey: string | null },
  time: string,
): string {
  const id = newId();
  context.database.run(
    `INSERT INTO task_run (id, flow_run_id, task_id, map_index, cache_key, version, state, state_timestamp,
       state_message, created, updated) VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?)`,
    ...[id, run.flowRunId, run.taskId, run.mapIndex, run.cacheKey, taskRunCreated.type, time],
    ...[taskRunCreated.message ?? null, time, time],
  );
  insertState(context, "task_run", id, 0, taskRunCreated, time);
  return id;
}

function getOrCreate(input: TaskRunInput, context: RequestContext): TaskRunInfo {
  const { flow_run_id: flowRunId, task_id: taskId } = input;
  const mapIndex = input.map_index ?? -1;
  const { database } = context;
  const found = database.first(
    `SELECT r.id, r.version, r.state, s.serialized_state
     FROM task_run r JOIN task_run_state s ON s.task_run_id = r.id AND s.version = r.version
     WHERE r.flow_run_id = ? AND r.task_id = ? AND r.map_index = ?`,
    ...[flowRunId, taskId, mapIndex],
  );
  if (found !== undefined) {
    return { ...found, serialized_state: JSON.parse(String(found.serialized_state)) } as unknown as TaskRunInfo;
  }
  const task = database.first(
    "SELECT cache_key, EXISTS (SELECT 1 FROM flow_run WHERE id = ?) AS runIsThere FROM task WHERE id = ?",
    ...[flowRunId, taskId],
  );
  if (task === undefined) throw new Refusal("Invalid task ID");
  if (task.runIsThere === 0) throw new Refusal("Foreign key violation.");
  const cacheKey = task.cache_key === null ? null : String(task.cache_key);
  const id = createTaskRun(context, { flowRunId, taskId, mapIndex, cacheKey }, timeOf(context));
  return { id, version: 0, state: taskRunCreated.type, serialized_state: taskRunCreated };
}
