import { Refusal } from "../../rules/refusal.ts";
import { readEdges, readTasks } from "../../rules/serialized-flow.ts";
import { interval } from "../../rules/time.ts";
import { newId, type RequestContext, type Resolver, timeOf, whole } from "../context.ts";

export const flowTaskMutations: Readonly<Record<string, Resolver>> = {
  register_tasks: whole((input: { flow_id: string; serialized_tasks: unknown }, context) => {
    checkFlow(context, input.flow_id);
    addTasks(context, input.flow_id, input.serialized_tasks);
    return { success: true };
  }),

  register_edges: whole((input: { flow_id: string; serialized_edges: unknown }, context) => {
    checkFlow(context, input.flow_id);
    addEdges(context, input.flow_id, input.serialized_edges);
    return { success: true };
  }),
};

/** Adds tasks; one whose slug the flow has already is left as it is, so that a batch may be sent twice. */
export function addTasks(context: RequestContext, flowId: string, serialized: unknown): void {
  const now = timeOf(context);
  // Shown again as they came: `serialized_flow` is for clients that read Prefect's whole form.
  const asSent = serialized as readonly unknown[];
  for (const [at, task] of readTasks(serialized).entries()) {
    const { retry_delay: delay } = task;
    context.database.run(
      `INSERT INTO task (id, flow_id, name, slug, type, max_retries, retry_delay, trigger, tags, mapped,
         auto_generated, cache_key, serialized_task, created, updated)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (flow_id, slug) DO NOTHING`,
      ...[task.id ?? newId(), flowId, task.name ?? null, task.slug, task.type ?? null, task.max_retries ?? 0],
      ...[delay === null || delay === undefined ? null : interval(delay), task.trigger ?? null],
      ...[JSON.stringify(task.tags ?? []), task.mapped ? 1 : 0, task.auto_generated ? 1 : 0, task.cache_key ?? null],
      ...[JSON.stringify(asSent[at]), now, now],
    );
  }
}

/** Adds edges between tasks that are there; an edge that is there already is left as it is. */
export function addEdges(context: RequestContext, flowId: string, serialized: unknown): void {
  const { database } = context;
  const now = timeOf(context);
  const taskId = (slug: string): string => {
    const id = database.first("SELECT id FROM task WHERE flow_id = ? AND slug = ?", flowId, slug)?.id;
    if (typeof id === "string") return id;
    throw new Refusal("Edges could not be registered - some edges reference tasks that do not exist within this flow.");
  };
  for (const edge of readEdges(serialized)) {
    database.run(
      `INSERT INTO edge (id, flow_id, upstream_task_id, downstream_task_id, key, mapped, created, updated)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      ...[newId(), flowId, taskId(edge.upstream_task), taskId(edge.downstream_task), edge.key ?? null],
      ...[edge.mapped ? 1 : 0, now, now],
    );
  }
}

function checkFlow({ database }: RequestContext, flowId: string): void {
  if (database.first("SELECT 1 FROM flow WHERE id = ?", flowId) === undefined) throw new Refusal("Invalid flow ID");
}
