import { z } from "zod";
import type { LogRecord } from "../../engine/index.ts";
import { toWireTime } from "../../state/index.ts";
import type { CallOptions } from "../api.ts";
import type { GraphqlClient } from "./graphql-client.ts";

const written = z.object({ write_run_logs: z.unknown() });

export async function writeLogs(
  client: GraphqlClient,
  flowRunId: string,
  records: readonly LogRecord[],
  options?: CallOptions,
): Promise<void> {
  const logs = records.map(({ taskRunId, time, name, level, message }) => ({
    flow_run_id: flowRunId,
    task_run_id: taskRunId,
    timestamp: toWireTime(time),
    name,
    level,
    message,
  }));
  await client.send(
    {
      operation: "a batch of logs",
      query: "mutation($input: write_run_logs_input!) { write_run_logs(input: $input) { success } }",
      variables: JSON.stringify({ input: { logs } }),
    },
    written,
    options,
  );
}
