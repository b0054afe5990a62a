import { z } from "zod";
import type { LogRecord } from "../../../engine/index.ts";
import { toWireTime } from "../../../state/index.ts";
import type { CallOptions } from "../../api.ts";
import type { GraphqlClient } from "../client/graphql-client.ts";

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
  await client.mutate(
    { name: "write_run_logs", input: { logs }, select: "success", row: z.unknown(), operation: "a batch of logs" },
    options,
  );
}
