import { z } from "zod";
import type { HeartbeatOptions } from "../../port/api.ts";
import type { GraphqlClient } from "../client/graphql-client.ts";
import { mutationField, spelledInput } from "../client/mutation.ts";
import type { Dialect } from "../dialect/dialect.ts";

const anyAnswer = z.record(z.string(), z.unknown());

/** The beat of a flow run and, where the API watches them, of its task runs: one document. */
export async function sendHeartbeat(
  client: GraphqlClient,
  flowRunId: string,
  { taskRunIds = [], ...options }: HeartbeatOptions = {},
): Promise<void> {
  const { dialect } = client;
  const beats = [
    beat(dialect, "update_flow_run_heartbeat", { flow_run_id: flowRunId }),
    ...(dialect.taskHeartbeats ? taskRunIds : []).map(
      (id, at) => `t${at}: ${beat(dialect, "update_task_run_heartbeat", { task_run_id: id })}`,
    ),
  ];
  const document = {
    operation: "the heartbeat",
    query: `mutation { ${beats.join(" ")} }`,
    headers: { "X-PREFECT-HEARTBEAT-ID": flowRunId },
  };
  await client.send(document, anyAnswer, options);
}

function beat(dialect: Dialect, name: string, ids: Readonly<Record<string, string>>): string {
  const [[key, id] = ["", ""]] = Object.entries(spelledInput(dialect, ids));
  return mutationField(dialect, name, `{ ${key}: ${JSON.stringify(id)} }`, "success");
}
