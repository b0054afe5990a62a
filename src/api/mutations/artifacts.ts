import { Refusal } from "../rules/refusal.ts";
import { newId, type Resolver, timeOf, whole } from "./context.ts";

/** Links and texts that a task leaves for people: Prefect 1.x's task that starts another flow run leaves its address. */
export const artifactMutations: Readonly<Record<string, Resolver>> = {
  create_task_run_artifact: whole((input: { task_run_id: string; kind: string; data: unknown }, context) => {
    if (context.database.first("SELECT 1 FROM task_run WHERE id = ?", input.task_run_id) === undefined) {
      throw new Refusal(`Task run ${input.task_run_id} not found`);
    }
    const [id, now] = [newId(), timeOf(context)];
    context.database.run(
      "INSERT INTO task_run_artifact (id, task_run_id, kind, data, created, updated) VALUES (?, ?, ?, ?, ?, ?)",
      ...[id, input.task_run_id, input.kind, JSON.stringify(input.data), now, now],
    );
    return { id };
  }),

  update_task_run_artifact: whole((input: { task_run_artifact_id: string; data: unknown }, context) => ({
    success:
      context.database.run(
        "UPDATE task_run_artifact SET data = ?, updated = ? WHERE id = ?",
        ...[JSON.stringify(input.data), timeOf(context), input.task_run_artifact_id],
      ) > 0,
  })),

  delete_task_run_artifact: whole(({ task_run_artifact_id: id }: { task_run_artifact_id: string }, { database }) => ({
    success: database.run("DELETE FROM task_run_artifact WHERE id = ?", id) > 0,
  })),
};
