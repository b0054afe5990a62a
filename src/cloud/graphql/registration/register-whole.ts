import { z } from "zod";
import type { FlowRegistration, RegisteredFlow } from "../../port/registration.ts";
import { withRetries } from "../../transport/retry.ts";
import type { GraphqlClient } from "../client/graphql-client.ts";
import { compressed, flowCreation } from "./flow-creation.ts";
import { fetchRegistered, newestFlow } from "./registered-flows.ts";

/**
 * Prefect 0.7: the flow, its tasks, its edges and its schedule in one mutation, which takes no idempotency key. What
 * stands for the key is kept within the flow's storage, which such an API keeps as it comes and its clients read
 * leniently.
 *
 * The newest version is looked at before each attempt, so that one whose answer was lost is found and not repeated.
 */
export async function registerWhole(client: GraphqlClient, registration: FlowRegistration): Promise<RegisteredFlow> {
  const { projectId, serializedFlow, idempotencyKey = crypto.randomUUID(), setScheduleActive = false } = registration;
  const name = String(serializedFlow.name);
  // A schedule can be activated only with its flow: a version without is another one.
  const fingerprint = setScheduleActive ? idempotencyKey : `${idempotencyKey} inactive`;
  const storage = { ...(serializedFlow.storage as object), fingerprint };
  const creation = {
    ...flowCreation,
    input: {
      project_id: projectId,
      serialized_flow: await compressed({ ...serializedFlow, storage }),
      set_schedule_active: setScheduleActive,
    },
  };
  const search = {
    operation: "the search for a flow",
    query: newestFlow(name, { id: projectId }, "id storage"),
  };
  const { id } = await withRetries(async () => {
    const [newest] = client.read(search, stored, await client.once(search)).flow;
    return newest?.storage?.fingerprint === fingerprint ? newest : client.mutateOnce(creation);
  }, client.retry);
  return fetchRegistered(client, id, name);
}

const stored = z.object({
  flow: z.array(
    z.object({ id: z.string(), storage: z.looseObject({ fingerprint: z.unknown() }).nullish().catch(null) }),
  ),
});
