import { Refusal } from "../rules/refusal.ts";
import { newId, type RequestContext, type Resolver, whole } from "./context.ts";

type Limited =
  | { readonly table: "task_tag_limit"; readonly by: "tag" }
  | { readonly table: "flow_label_limit"; readonly by: "label" };

const tags: Limited = { table: "task_tag_limit", by: "tag" };
const labels: Limited = { table: "flow_label_limit", by: "label" };

/** How many runs may be Running at once; 0 lets none run. */
export const limitMutations: Readonly<Record<string, Resolver>> = {
  update_task_tag_limit: whole(({ tag, limit }: { tag: string; limit: number }, context) =>
    update(context, tags, tag, limit),
  ),
  delete_task_tag_limit: whole(({ limit_id: id }: { limit_id: string }, context) => remove(context, tags, id)),
  update_flow_label_limit: whole(({ label, limit }: { label: string; limit: number }, context) =>
    update(context, labels, label, limit),
  ),
  delete_flow_label_limit: whole(({ limit_id: id }: { limit_id: string }, context) => remove(context, labels, id)),
};

function update({ database }: RequestContext, { table, by }: Limited, name: string, limit: number): object {
  if (limit < 0) throw new Refusal("Concurrency limits must be >= 0", "BAD_USER_INPUT");
  database.run(
    `INSERT INTO ${table} (id, ${by}, "limit") VALUES (?, ?, ?)
     ON CONFLICT (${by}) DO UPDATE SET "limit" = excluded."limit"`,
    ...[newId(), name, limit],
  );
  return { id: database.first(`SELECT id FROM ${table} WHERE ${by} = ?`, name)?.id };
}

function remove({ database }: RequestContext, { table }: Limited, id: string): object {
  return { success: database.run(`DELETE FROM ${table} WHERE id = ?`, id) > 0 };
}
