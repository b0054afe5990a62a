import { z } from "zod";
import { allPages } from "../../all-pages.ts";
import type { CallOptions } from "../../port/call.ts";
import type { RestClient } from "../client/rest-client.ts";
import { rowsAtOnce } from "../client/rows-at-once.ts";
import { type TaskRunRow, taskRunRow } from "./task-run-row.ts";

/** Every task run of a flow run that the API has recorded. */
export function recordedTaskRuns(
  client: RestClient,
  flowRunId: string,
  options?: CallOptions,
): Promise<readonly TaskRunRow[]> {
  return allPages(rowsAtOnce, (offset, limit) => {
    const filter = { flow_runs: { id: { any_: [flowRunId] } }, sort: "ID_DESC", limit, offset };
    return filterTaskRuns(client, filter, options);
  });
}

/** Those of some task runs that the API has recorded. */
export async function taskRunsById(
  client: RestClient,
  ids: readonly string[],
  options?: CallOptions,
): Promise<readonly TaskRunRow[]> {
  const rows: TaskRunRow[] = [];
  for (let at = 0; at < ids.length; at += rowsAtOnce) {
    const any_ = ids.slice(at, at + rowsAtOnce);
    rows.push(...(await filterTaskRuns(client, { task_runs: { id: { any_ } }, limit: rowsAtOnce }, options)));
  }
  return rows;
}

export function filterTaskRuns(
  client: RestClient,
  filter: Readonly<Record<string, unknown>>,
  options?: CallOptions,
): Promise<readonly TaskRunRow[]> {
  const operation = "the question for task runs";
  const request = {
    operation,
    method: "POST",
    path: "/task_runs/filter",
    body: filter,
    shape: z.array(taskRunRow),
  } as const;
  return client.send(request, options);
}
