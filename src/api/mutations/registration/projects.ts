import { Refusal } from "../../rules/refusal.ts";
import { newId, type Resolver, timeOf, whole } from "../context.ts";

interface ProjectInput {
  readonly tenant_id: string;
  readonly name: string;
  readonly description?: string | null;
}

export const projectMutations: Readonly<Record<string, Resolver>> = {
  create_project: whole((input: ProjectInput, context) => {
    const { database, tenantId } = context;
    if (input.tenant_id !== tenantId) throw new Refusal("Foreign key violation.");
    const taken = "SELECT 1 FROM project WHERE tenant_id = ? AND name = ?";
    // Prefect 1.x: its client knows by this sentence that the project is there already, and takes that one.
    if (database.first(taken, tenantId, input.name) !== undefined) throw new Refusal("Uniqueness violation.");
    const [id, now] = [newId(), timeOf(context)];
    database.run(
      "INSERT INTO project (id, tenant_id, name, description, created, updated) VALUES (?, ?, ?, ?, ?, ?)",
      ...[id, tenantId, input.name, input.description ?? null, now, now],
    );
    return { id };
  }),

  delete_project: whole(({ project_id: id }: { project_id: string }, { database }) => ({
    success: database.run("DELETE FROM project WHERE id = ?", id) > 0,
  })),
};
