import { newId, type Resolver, timeOf, whole } from "./context.ts";

/** Prefect 1.x: a small store that outlives runs. Cloud only, so its client asks only with the backend "cloud". */
export const keyValueMutations: Readonly<Record<string, Resolver>> = {
  set_key_value: whole(({ key, value }: { key: string; value: unknown }, context) => {
    const now = timeOf(context);
    context.database.run(
      `INSERT INTO key_value (id, key, value, created, updated) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated = excluded.updated`,
      ...[newId(), key, JSON.stringify(value), now, now],
    );
    return { id: context.database.first("SELECT id FROM key_value WHERE key = ?", key)?.id };
  }),

  delete_key_value: whole(({ key_value_id: id }: { key_value_id: string }, { database }) => ({
    success: database.run("DELETE FROM key_value WHERE id = ?", id) > 0,
  })),
};
