import { z } from "zod";
import type { FlowQuery, RunnableFlow } from "../../port/registration.ts";
import type { GraphqlClient } from "../client/graphql-client.ts";
import { newestFlow } from "./registered-flows.ts";

const parameterRow = z.looseObject({
  name: z.string(),
  required: z.boolean().default(false),
  /** Registered by flow-runner. */
  schema: z.record(z.string(), z.unknown()).nullish(),
});

const runnableRow = z.object({
  id: z.string(),
  name: z.string(),
  /** As the flow was registered, in Prefect's form. */
  parameters: z.array(parameterRow).nullish(),
  flow_group: z.object({ default_parameters: z.record(z.string(), z.unknown()).nullish() }).nullish(),
});
const answers = z.object({ flow: z.array(runnableRow) });

export async function runnableFlow(client: GraphqlClient, flow: FlowQuery): Promise<RunnableFlow | null> {
  const columns = client.dialect.columns.runnableFlow;
  const query =
    "id" in flow
      ? `query { flow(where: { id: { _eq: ${JSON.stringify(flow.id)} } }) { ${columns} } }`
      : newestFlow(flow.name, flow.project === null ? null : { name: flow.project }, columns);
  const answer = await client.send({ operation: "the search for a flow", query }, answers);
  const [row] = answer.flow;
  if (row === undefined) return null;
  const ofGroup = row.flow_group?.default_parameters ?? {};
  const parameters = (row.parameters ?? []).map(({ name, required, schema }) => ({
    name,
    required: required && !Object.hasOwn(ofGroup, name),
    ...(schema == null ? {} : { schema }),
  }));
  return { id: row.id, name: row.name, parameters };
}
