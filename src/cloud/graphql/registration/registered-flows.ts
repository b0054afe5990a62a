import { z } from "zod";
import type { RegisteredFlow } from "../../port/registration.ts";
import type { GraphqlClient } from "../client/graphql-client.ts";

const flowRow = z.object({
  id: z.string(),
  name: z.string(),
  version: z.number().nullish(),
  version_group_id: z.string().nullish(),
});
const flowByPk = z.object({ flow_by_pk: flowRow.nullable() });
const flows = z.object({ flow: z.array(flowRow) });

const registered = (row: z.infer<typeof flowRow>): RegisteredFlow => ({
  id: row.id,
  name: row.name,
  version: row.version ?? null,
  versionGroupId: row.version_group_id ?? null,
});

/** The flow that an API has just given an id. */
export async function fetchRegistered(client: GraphqlClient, id: string, name: string): Promise<RegisteredFlow> {
  const query = `query { flow_by_pk(id: ${JSON.stringify(id)}) { ${client.dialect.columns.registeredFlow} } }`;
  const answer = await client.send({ operation: "the question about the registered flow", query }, flowByPk);
  return answer.flow_by_pk === null ? { id, name, version: null, versionGroupId: null } : registered(answer.flow_by_pk);
}

export async function flowByName(
  client: GraphqlClient,
  { name, project }: { name: string; project: string | null },
): Promise<RegisteredFlow | null> {
  const query = newestFlow(name, project === null ? null : { name: project }, client.dialect.columns.registeredFlow);
  const answer = await client.send({ operation: "the search for a flow", query }, flows);
  const [row] = answer.flow;
  return row === undefined ? null : registered(row);
}

/** So many of them are enough to find the one that was meant. */
const names = 200;
const named = z.object({ flow: z.array(z.object({ name: z.string() })) });

/** Of the flows that are not archived. */
export async function flowNames(client: GraphqlClient, project: string | null): Promise<string[]> {
  const where = notArchived(project === null ? null : { name: project }).join(", ");
  const query = `query { flow(where: { ${where} }, order_by: { name: asc }, limit: ${names}) { name } }`;
  const answer = await client.send({ operation: "the names of the flows", query }, named);
  return [...new Set(answer.flow.map(({ name }) => name))];
}

type ProjectQuery = { readonly name: string } | { readonly id: string } | null;

/** The query for the newest version of that name that is not archived. */
export function newestFlow(name: string, project: ProjectQuery, columns: string): string {
  const where = [`name: { _eq: ${JSON.stringify(name)} }`, ...notArchived(project)];
  return `query { flow(where: { ${where.join(", ")} }, order_by: { version: desc }, limit: 1) { ${columns} } }`;
}

const notArchived = (project: ProjectQuery): string[] => [
  "archived: { _eq: false }",
  ...Object.entries(project ?? {}).map(([key, value]) => `project: { ${key}: { _eq: ${JSON.stringify(value)} } }`),
];
