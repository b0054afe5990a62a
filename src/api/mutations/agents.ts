import { Refusal } from "../rules/refusal.ts";
import { newId, type Resolver, timeOf, whole } from "./context.ts";

interface AgentInput {
  readonly type: string;
  readonly tenant_id: string;
  readonly name?: string | null;
  readonly labels?: readonly string[] | null;
}

export const agentMutations: Readonly<Record<string, Resolver>> = {
  register_agent: whole((input: AgentInput, context) => {
    if (input.tenant_id !== context.tenantId) throw new Refusal("Foreign key violation.");
    const id = newId();
    context.database.run(
      "INSERT INTO agent (id, tenant_id, name, type, labels, created) VALUES (?, ?, ?, ?, ?, ?)",
      ...[id, context.tenantId, input.name ?? null, input.type, JSON.stringify(input.labels ?? []), timeOf(context)],
    );
    return { id };
  }),
};
