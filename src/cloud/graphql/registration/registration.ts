import { promisify } from "node:util";
import { z } from "zod";
import type { FlowRegistration, RegisteredFlow } from "../../api.ts";
import type { GraphqlClient } from "../client/graphql-client.ts";

/** Prefect 1.x registers tasks and edges in lists of this length, since a body may have 5 MB. */
const listLength = 500;

const creation = {
  name: "create_flow_from_compressed_string",
  select: "id",
  row: z.object({ id: z.string() }),
  operation: "the registration of the flow",
};
const flowRow = z.object({
  id: z.string(),
  name: z.string(),
  version: z.number().nullish(),
  version_group_id: z.string().nullish(),
});
type FlowRow = z.infer<typeof flowRow>;
const flowByPk = z.object({ flow_by_pk: flowRow.nullable() });
const flows = z.object({ flow: z.array(flowRow) });

const registered = (row: FlowRow): RegisteredFlow => ({
  id: row.id,
  name: row.name,
  version: row.version ?? null,
  versionGroupId: row.version_group_id ?? null,
});

/** The flow, then its tasks and edges where they are registered apart, then its schedule. */
export async function registerFlow(client: GraphqlClient, registration: FlowRegistration): Promise<RegisteredFlow> {
  return client.dialect.tasksRegistered === "apart"
    ? registerInParts(client, registration)
    : registerWhole(client, registration);
}

/** Prefect 0.7: all in one. Nothing tells a second attempt from a second version. */
async function registerWhole(client: GraphqlClient, registration: FlowRegistration): Promise<RegisteredFlow> {
  const { projectId, serializedFlow, versionGroupId, idempotencyKey, setScheduleActive = false } = registration;
  const input = {
    project_id: projectId,
    serialized_flow: await compressed(serializedFlow),
    set_schedule_active: setScheduleActive,
    ...(versionGroupId === undefined ? {} : { version_group_id: versionGroupId }),
    ...(idempotencyKey === undefined ? {} : { idempotency_key: idempotencyKey }),
  };
  const { id } = await client.mutate({ ...creation, input });
  return fetchRegistered(client, id, String(serializedFlow.name));
}

async function registerInParts(client: GraphqlClient, registration: FlowRegistration): Promise<RegisteredFlow> {
  const { tasks, edges, ...flow } = registration.serializedFlow;
  const { projectId, versionGroupId, setScheduleActive } = registration;
  const input = {
    project_id: projectId,
    serialized_flow: await compressed(flow),
    // Not before all tasks are there: a run that the schedule made earlier would lack some.
    set_schedule_active: false,
    ...(versionGroupId === undefined ? {} : { version_group_id: versionGroupId }),
    // Sent twice when an answer is lost: with a key, that makes no second version.
    idempotency_key: registration.idempotencyKey ?? crypto.randomUUID(),
  };
  const { id: flowId } = await client.mutate({ ...creation, input });
  await registerList(client, "register_tasks", flowId, "serialized_tasks", tasks);
  await registerList(client, "register_edges", flowId, "serialized_edges", edges);
  if (setScheduleActive === true) {
    await client.mutate({
      name: "set_schedule_active",
      input: { flow_id: flowId },
      select: "success",
      row: z.unknown(),
      operation: "the activation of the schedule",
    });
  }
  return fetchRegistered(client, flowId, String(flow.name));
}

async function fetchRegistered(client: GraphqlClient, id: string, name: string): Promise<RegisteredFlow> {
  const query = `query { flow_by_pk(id: ${JSON.stringify(id)}) { ${client.dialect.columns.registeredFlow} } }`;
  const answer = await client.send({ operation: "the question about the registered flow", query }, flowByPk);
  return answer.flow_by_pk === null ? { id, name, version: null, versionGroupId: null } : registered(answer.flow_by_pk);
}

async function registerList(
  client: GraphqlClient,
  name: "register_tasks" | "register_edges",
  flowId: string,
  key: string,
  list: unknown,
): Promise<void> {
  if (!Array.isArray(list)) return;
  for (let at = 0; at < list.length; at += listLength) {
    const input = { flow_id: flowId, [key]: list.slice(at, at + listLength) };
    const operation = "the registration of the flow's tasks";
    await client.mutate({ name, input, select: "success", row: z.unknown(), operation });
  }
}

export async function flowByName(
  client: GraphqlClient,
  { name, project }: { name: string; project: string | null },
): Promise<RegisteredFlow | null> {
  const where = [
    `name: { _eq: ${JSON.stringify(name)} }`,
    "archived: { _eq: false }",
    ...(project === null ? [] : [`project: { name: { _eq: ${JSON.stringify(project)} } }`]),
  ];
  const query = `query { flow(where: { ${where.join(", ")} }, order_by: { version: desc }, limit: 1) { ${client.dialect.columns.registeredFlow} } }`;
  const answer = await client.send({ operation: "the search for a flow", query }, flows);
  const [row] = answer.flow;
  return row === undefined ? null : registered(row);
}

/** Prefect's `compress`: base64 of the gzip of the JSON. */
async function compressed(json: unknown): Promise<string> {
  const zlib = process.getBuiltinModule("node:zlib");
  const bytes = await promisify(zlib.gzip)(JSON.stringify(json));
  return bytes.toString("base64");
}
