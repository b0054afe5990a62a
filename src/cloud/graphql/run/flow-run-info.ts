import { z } from "zod";
import { isUuid } from "../../../config/uuid.ts";
import { FlowRunnerError } from "../../../errors/index.ts";
import { fromWireTime } from "../../../state/index.ts";
import type { CallOptions } from "../../port/call.ts";
import type { FlowRunInfo, TaskRunInfo } from "../../port/flow-run-info.ts";
import type { GraphqlClient } from "../client/graphql-client.ts";
import type { Dialect } from "../dialect/dialect.ts";
import { heartbeatOf } from "./held-states.ts";

const record = z.record(z.string(), z.unknown());

const taskRunRow = z.object({
  id: z.string(),
  version: z.number(),
  serialized_state: z.unknown(),
  task: z.object({ id: z.string(), slug: z.string() }),
});
type TaskRunRow = z.infer<typeof taskRunRow>;

const infoAnswer = z.object({
  flow_run_by_pk: z
    .object({
      id: z.string(),
      name: z.string().nullish(),
      version: z.number(),
      parameters: record.nullish(),
      context: record.nullish(),
      scheduled_start_time: z.string().nullish(),
      heartbeat: z.string().nullish(),
      serialized_state: z.unknown(),
      flow: z.object({
        id: z.string(),
        name: z.string(),
        storage: z.unknown(),
        environment: z.unknown(),
        run_config: z.unknown().optional(),
        settings: record.nullish(),
        project: z.object({ id: z.string(), name: z.string() }).nullish(),
      }),
      task_runs: z.array(taskRunRow),
    })
    .nullable(),
});

/** Prefect 1.x asks three times for this (`execute`'s lookup, the run's info, the settings); here it is one query. */
const query =
  ({ columns }: Dialect, id: string) =>
  (known: (columns: string) => string) =>
    `query {
  flow_run_by_pk(id: ${JSON.stringify(id)}) {
    ${known(columns.flowRun)}
    flow { ${columns.flow} project { id name } }
    task_runs(where: { map_index: { _eq: -1 } }) { id version serialized_state task { id slug } }
  }
}`;

/** @throws FlowRunnerError `FLOW_RUN_NOT_FOUND` and those of `Api` */
export async function fetchFlowRunInfo(client: GraphqlClient, id: string, options?: CallOptions): Promise<FlowRunInfo> {
  const row = await fetchRow(client, id, options);
  if (row === null) throw new FlowRunnerError("FLOW_RUN_NOT_FOUND", { id, url: client.address });
  const { flow } = row;
  const { dialect } = client;
  return {
    id: row.id,
    name: row.name ?? row.id,
    version: row.version,
    state: dialect.readState(row.serialized_state, `flow run ${id}`),
    parameters: row.parameters ?? {},
    context: row.context ?? {},
    scheduledStartTime: row.scheduled_start_time == null ? null : fromWireTime(row.scheduled_start_time),
    heartbeat: heartbeatOf(row),
    apiTime: client.apiTime,
    flow: {
      id: flow.id,
      name: flow.name,
      project: flow.project ?? null,
      storage: flow.storage,
      environment: flow.environment ?? null,
      runConfig: flow.run_config ?? null,
      settings: flow.settings ?? {},
    },
    ...readTaskRuns(dialect, row.task_runs),
  };
}

/** A flow run whose own state is known can be told why it does not go on. */
function readTaskRuns(dialect: Dialect, rows: readonly TaskRunRow[]): Pick<FlowRunInfo, "taskRuns" | "unreadable"> {
  const taskRuns: TaskRunInfo[] = [];
  const unreadable: FlowRunnerError[] = [];
  for (const { id, version, serialized_state: json, task } of rows) {
    try {
      const state = dialect.readState(json, `task run ${id} (${task.slug})`);
      taskRuns.push({ id, taskId: task.id, slug: task.slug, version, state });
    } catch (error) {
      if (!(error instanceof FlowRunnerError)) throw error;
      unreadable.push(error);
    }
  }
  return { taskRuns, unreadable };
}

async function fetchRow(client: GraphqlClient, id: string, options?: CallOptions) {
  try {
    const document = { operation: "the question about the flow run", query: query(client.dialect, id) };
    return (await client.send(document, infoAnswer, options)).flow_run_by_pk;
  } catch (error) {
    // Prefect's servers refuse a query for an id that is no UUID; to its owner it is an id that is not there.
    const isRefused = error instanceof FlowRunnerError && error.code === "API_REFUSED";
    if (isRefused && !isUuid(id)) return null;
    throw error;
  }
}
