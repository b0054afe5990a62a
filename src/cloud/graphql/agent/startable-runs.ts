import { z } from "zod";
import { FlowRunnerError } from "../../../errors/index.ts";
import { fromWireTime, toWireTime } from "../../../state/index.ts";
import type { StartableRun } from "../../port/agent-api.ts";
import type { CallOptions } from "../../port/call.ts";
import type { GraphqlClient } from "../client/graphql-client.ts";
import type { Dialect } from "../dialect/dialect.ts";

const heldRow = z.object({ id: z.string(), version: z.number(), serialized_state: z.unknown() });
const runRow = heldRow.extend({
  name: z.string().nullish(),
  heartbeat: z.string().nullish(),
  run_config: z.unknown().optional(),
  flow: z.object({ id: z.string(), name: z.string(), storage: z.unknown() }),
  task_runs: z.array(heldRow),
});
type RunRow = z.infer<typeof runRow>;

/** Prefect asks for the same, with a condition on the states; here `decideStart` looks at them. */
const query =
  ({ columns }: Dialect, ids: readonly string[], now: string) =>
  (known: (columns: string) => string) =>
    `query {
  flow_run(where: { id: { _in: ${JSON.stringify(ids)} } }) {
    ${known(columns.startableRun)}
    flow { id name storage }
    task_runs(where: { state_start_time: { _lte: ${JSON.stringify(now)} } }) { id version serialized_state }
  }
}`;

/** See `AgentApi.startableRuns`. */
export async function fetchStartableRuns(
  client: GraphqlClient,
  ids: readonly string[],
  warn: (message: string) => void,
  options?: CallOptions,
): Promise<StartableRun[]> {
  const { dialect } = client;
  const answer = await client.send(
    {
      operation: "the question about the flow runs that are due",
      query: query(dialect, ids, toWireTime(client.retry.clock.now())),
    },
    z.object({ flow_run: z.array(runRow) }),
    options,
  );
  return answer.flow_run.flatMap((row) => {
    try {
      return [startableRun(dialect, row)];
    } catch (error) {
      // A state that is not readable concerns its own run only.
      if (!(error instanceof FlowRunnerError)) throw error;
      warn(`Flow run ${row.id} is left: ${error.message}`);
      return [];
    }
  });
}

function startableRun(dialect: Dialect, row: RunRow): StartableRun {
  return {
    id: row.id,
    name: row.name ?? row.id,
    version: row.version,
    state: dialect.readState(row.serialized_state, `flow run ${row.id}`),
    heartbeat: row.heartbeat == null ? null : fromWireTime(row.heartbeat),
    runConfig: row.run_config ?? null,
    flow: row.flow,
    taskRuns: row.task_runs.map(({ id, version, serialized_state }) => ({
      id,
      version,
      state: dialect.readState(serialized_state, `task run ${id}`),
    })),
  };
}
