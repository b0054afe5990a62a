import { z } from "zod";
import type { LogLevel } from "../../../engine/index.ts";
import { FlowRunnerError } from "../../../errors/index.ts";
import { fromWireTime, toWireTime } from "../../../state/index.ts";
import { allPages } from "../../all-pages.ts";
import type { LogLine, LogLinesQuery } from "../../port/runs-api.ts";
import type { GraphqlClient } from "../client/graphql-client.ts";
import { rowsAtOnce } from "./rows-at-once.ts";

const row = z.object({
  id: z.string(),
  timestamp: z.string().transform((text) => fromWireTime(text) ?? 0),
  level: z.string().nullish(),
  name: z.string().nullish(),
  message: z.string().nullish(),
  task_run: z
    .object({
      id: z.string(),
      map_index: z.number(),
      task: z.object({ name: z.string().nullish(), slug: z.string() }),
    })
    .nullish(),
});
const answer = z.object({ flow_run_by_pk: z.object({ logs: z.array(row) }).nullable() });

/** See `RunsApi.logLines`. @throws FlowRunnerError `FLOW_RUN_NOT_FOUND` */
export async function fetchLogLines(
  client: GraphqlClient,
  flowRunId: string,
  { since }: LogLinesQuery = {},
): Promise<LogLine[]> {
  const where = since === undefined ? "" : `where: { timestamp: { _gte: ${JSON.stringify(toWireTime(since))} } }, `;
  const rows = await allPages(rowsAtOnce, async (offset, limit) => {
    const document = {
      operation: "the question about a run's log",
      // The id as well, since lines of one millisecond would else change places between two pages.
      query: `query { flow_run_by_pk(id: ${JSON.stringify(flowRunId)}) {
  logs(${where}order_by: [{ timestamp: asc }, { id: asc }], limit: ${limit}, offset: ${offset}) {
    id timestamp level name message task_run { id map_index task { name slug } }
  }
} }`,
    };
    const run = (await client.send(document, answer)).flow_run_by_pk;
    if (run === null) throw new FlowRunnerError("FLOW_RUN_NOT_FOUND", { id: flowRunId, url: client.address });
    return run.logs;
  });
  return rows.map(lineOf);
}

function lineOf({ id, timestamp, level, name, message, task_run: run }: z.infer<typeof row>): LogLine {
  return {
    id,
    time: timestamp,
    level: levelOf(level),
    name: name ?? "prefect",
    message: message ?? "",
    task:
      run == null ? null : { runId: run.id, name: run.task.name ?? run.task.slug, mapIndex: indexOf(run.map_index) },
  };
}

const indexOf = (mapIndex: number): number | null => (mapIndex < 0 ? null : mapIndex);

/** Python's `WARN` and `FATAL` too; what is unknown is as good as INFO. */
function levelOf(level: string | null | undefined): LogLevel {
  switch (level?.toUpperCase()) {
    case "DEBUG":
      return "DEBUG";
    case "WARN":
    case "WARNING":
      return "WARNING";
    case "ERROR":
      return "ERROR";
    case "FATAL":
    case "CRITICAL":
      return "CRITICAL";
    default:
      return "INFO";
  }
}
