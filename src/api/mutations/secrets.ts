import { Refusal } from "../rules/refusal.ts";
import { type Resolver, timeOf, whole } from "./context.ts";

/** Prefect 1.x: only Cloud keeps secrets; Server has none of these. */
export const secretMutations: Readonly<Record<string, Resolver>> = {
  set_secret: whole(({ name, value }: { name: string; value: unknown }, context) => {
    if (name === "") throw new Refusal("Invalid name");
    context.database.run(
      `INSERT INTO secret (name, sealed, updated) VALUES (?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, updated = excluded.updated`,
      ...[name, context.secrets.seal(name, JSON.stringify(value)), timeOf(context)],
    );
    return { success: true };
  }),

  delete_secret: whole(({ name }: { name: string }, { database }) => {
    if (database.run("DELETE FROM secret WHERE name = ?", name) === 0) throw noValue();
    return { success: true };
  }),
};

export const secretQueries = {
  secret_value: (_, { name }: { name: string }, { database, secrets }) => {
    const sealed = database.first("SELECT sealed FROM secret WHERE name = ?", name)?.sealed;
    if (!(sealed instanceof Uint8Array)) throw noValue();
    return JSON.parse(secrets.open(name, sealed));
  },
  secret_names: (_, _args, { database }) =>
    database.all("SELECT name FROM secret ORDER BY name").map(({ name }) => name),
} satisfies Readonly<Record<string, Resolver>>;

/** Prefect 1.x: its client knows a missing secret by this sentence. */
const noValue = (): Refusal => new Refusal("No value found for the requested key");
