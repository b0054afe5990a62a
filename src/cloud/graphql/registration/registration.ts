import { z } from "zod";
import type { FlowRegistration, RegisteredFlow } from "../../port/registration.ts";
import type { GraphqlClient } from "../client/graphql-client.ts";
import { compressed, flowCreation } from "./flow-creation.ts";
import { registerWhole } from "./register-whole.ts";
import { fetchRegistered } from "./registered-flows.ts";

/** Prefect 1.x registers tasks and edges in lists of this length, since a body may have 5 MB. */
const listLength = 500;

/** The flow, then its tasks and edges where they are registered apart, then its schedule. */
export async function registerFlow(client: GraphqlClient, registration: FlowRegistration): Promise<RegisteredFlow> {
  return client.dialect.tasksRegistered === "apart"
    ? registerInParts(client, registration)
    : registerWhole(client, registration);
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
  const { id: flowId } = await client.mutate({ ...flowCreation, input });
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
