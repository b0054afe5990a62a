import { z } from "zod";
import type { LogLevel, LogRecord } from "../../../engine/index.ts";
import { toWireTime } from "../../../state/index.ts";
import type { CallOptions } from "../../port/call.ts";
import type { RestClient } from "../client/rest-client.ts";

/** Python's numbers, which Prefect 3 keeps. */
const levels: Readonly<Record<LogLevel, number>> = { DEBUG: 10, INFO: 20, WARNING: 30, ERROR: 40, CRITICAL: 50 };
/** Prefect 3: `PREFECT_LOGGING_TO_API_MAX_LOG_SIZE`. */
const longestMessage = 1_000_000;
const cut = "... [truncated]";

/**
 * @param isTold - whether the API is told of a task run: a line of one that it will never have is the flow run's
 * @throws FlowRunnerError those of `RestClient`
 */
export async function writeLogs(
  client: RestClient,
  flowRunId: string,
  records: readonly LogRecord[],
  isTold: (taskRunId: string) => boolean,
  options?: CallOptions,
): Promise<void> {
  const body = records.map(({ time, level, name, message, taskRunId }) => ({
    name,
    level: levels[level],
    message: message.length > longestMessage ? message.slice(0, longestMessage - cut.length) + cut : message,
    timestamp: toWireTime(time),
    flow_run_id: flowRunId,
    task_run_id: taskRunId === null || !isTold(taskRunId) ? null : taskRunId,
  }));
  await client.send(
    { operation: "a batch of logs", method: "POST", path: "/logs/", body, shape: z.unknown() },
    options,
  );
}
