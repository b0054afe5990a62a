import { z } from "zod";
import type { LogLevel } from "../../../engine/index.ts";
import { fromWireTime, toWireTime } from "../../../state/index.ts";
import type { LogLine, LogLinesQuery, TaskRunRow } from "../../port/runs-api.ts";
import type { RestClient } from "../client/rest-client.ts";
import { rowsAtOnce } from "../client/rows-at-once.ts";

const row = z.object({
  id: z.string(),
  timestamp: z.string(),
  level: z.number().catch(20),
  name: z.string().catch("prefect"),
  message: z.string().catch(""),
  task_run_id: z.string().nullish(),
});
type Row = z.infer<typeof row>;

/**
 * See `RunsApi.logLines`.
 *
 * @param taskRunsOf - task runs of the flow run by their ids, those that are asked for among them where it has them
 * @throws FlowRunnerError those of `RestClient`
 */
export async function fetchLogLines(
  client: RestClient,
  flowRunId: string,
  taskRunsOf: (ids: ReadonlySet<string>) => Promise<ReadonlyMap<string, TaskRunRow>>,
  { since }: LogLinesQuery = {},
): Promise<LogLine[]> {
  const rows = await allRows(client, flowRunId, since === undefined ? null : toWireTime(since));
  const runs = await taskRunsOf(new Set(rows.flatMap(({ task_run_id: id }) => id ?? [])));
  return rows.map(({ id, timestamp, level, name, message, task_run_id: runId }) => {
    const run = runId == null ? undefined : runs.get(runId);
    return {
      id,
      time: fromWireTime(timestamp) ?? 0,
      level: levelOf(level),
      name,
      message,
      task:
        runId == null
          ? null
          : // The API records task runs in its own time, and may not have this one yet.
            { runId, name: run?.task.name ?? name.replace(/^prefect\./, ""), mapIndex: run?.mapIndex ?? null },
    };
  });
}

/**
 * The API orders lines by nothing but their time: those of one time may change places between two pages that are told
 * apart by an offset. Each page begins with the time of the last line before.
 */
async function allRows(client: RestClient, flowRunId: string, since: string | null): Promise<Row[]> {
  const rows = new Map<string, Row>();
  let from = since;
  for (let offset = 0; ; ) {
    const some = await client.send({
      operation: "the question about a run's log",
      method: "POST",
      path: "/logs/filter",
      body: {
        logs: { flow_run_id: { any_: [flowRunId] }, ...(from === null ? {} : { timestamp: { after_: from } }) },
        sort: "TIMESTAMP_ASC",
        limit: rowsAtOnce,
        offset,
      },
      shape: z.array(row),
    });
    for (const line of some) rows.set(line.id, line);
    if (some.length < rowsAtOnce) return [...rows.values()];
    const last = some.at(-1)?.timestamp ?? null;
    // More lines of one time than a page holds.
    offset = last === from ? offset + rowsAtOnce : 0;
    from = last;
  }
}

/** Python's numbers; levels of its own kind count as the next lower one. */
function levelOf(level: number): LogLevel {
  if (level >= 50) return "CRITICAL";
  if (level >= 40) return "ERROR";
  if (level >= 30) return "WARNING";
  return level >= 20 ? "INFO" : "DEBUG";
}
