import { z } from "zod";
import type { CallOptions } from "../../api.ts";
import type { RestClient } from "../client/rest-client.ts";
import { type TaskRunRow, taskRunRow } from "./task-run-row.ts";

/** The most that the API gives at once. */
export const page = 200;

/** Every task run of a flow run that the API has recorded. */
export async function recordedTaskRuns(
  client: RestClient,
  flowRunId: string,
  options?: CallOptions,
): Promise<readonly TaskRunRow[]> {
  const rows: TaskRunRow[] = [];
  for (;;) {
    const filter = { flow_runs: { id: { any_: [flowRunId] } }, sort: "ID_DESC", limit: page, offset: rows.length };
    const more = await filterTaskRuns(client, filter, options);
    rows.push(...more);
    if (more.length < page) return rows;
  }
}

/** Those of some task runs that the API has recorded. */
export async function taskRunsById(
  client: RestClient,
  ids: readonly string[],
  options?: CallOptions,
): Promise<readonly TaskRunRow[]> {
  const rows: TaskRunRow[] = [];
  for (let at = 0; at < ids.length; at += page) {
    const any_ = ids.slice(at, at + page);
    rows.push(...(await filterTaskRuns(client, { task_runs: { id: { any_ } }, limit: page }, options)));
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
