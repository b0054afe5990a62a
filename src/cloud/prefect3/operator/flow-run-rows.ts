import { z } from "zod";
import { FlowRunnerError } from "../../../errors/index.ts";
import { makeState, type StateType } from "../../../state/index.ts";
import { fromWire3, toWire3 } from "../../../state/wire/index.ts";
import type { FlowRunRow, FlowRunsQuery } from "../../port/runs-api.ts";
import { timeColumn } from "../../time-column.ts";
import type { RestClient } from "../client/rest-client.ts";
import { rowsAtOnce } from "../client/rows-at-once.ts";
import { flowRow, flowRunRow } from "../run/flow-run-answers.ts";

const row = flowRunRow.extend({ start_time: timeColumn, end_time: timeColumn, expected_start_time: timeColumn });

/**
 * See `RunsApi.flowRuns`. A flow may be named with one of its deployments: `weather/nightly`.
 *
 * @throws FlowRunnerError `DIALECT_3_LACKS` for a project, and those of `RestClient`
 */
export async function fetchFlowRuns(client: RestClient, query: FlowRunsQuery): Promise<FlowRunRow[]> {
  const { project, states = [], limit } = query;
  if (project !== undefined) throw new FlowRunnerError("DIALECT_3_LACKS", { what: "projects" });
  const found: z.infer<typeof row>[] = [];
  for (let offset = 0; found.length < limit; offset += rowsAtOnce) {
    const some = await client.send({
      operation: "the question about flow runs",
      method: "POST",
      path: "/flow_runs/filter",
      body: { ...filterOf(query), sort: "EXPECTED_START_TIME_DESC", limit: rowsAtOnce, offset },
      shape: z.array(row),
    });
    // Several of our states are one type there.
    found.push(...some.filter((run) => states.length === 0 || states.some((state) => state === stateOf(run)?.type)));
    if (some.length < rowsAtOnce) break;
  }
  const flows = await flowNames(client, [...new Set(found.map(({ flow_id }) => flow_id))]);
  return found.slice(0, limit).map((run) => {
    const state = stateOf(run);
    return {
      id: run.id,
      name: run.name,
      flow: { id: run.flow_id, name: flows.get(run.flow_id) ?? run.flow_id, project: null },
      state: state?.type ?? null,
      message: state?.message ?? null,
      parameters: run.parameters,
      scheduled: run.expected_start_time,
      started: run.start_time,
      ended: run.end_time,
      ...(run.deployment_id == null ? { unstartable: true as const } : {}),
    };
  });
}

function filterOf({ id, name, flow, states = [] }: FlowRunsQuery): Readonly<Record<string, unknown>> {
  const types = new Set(states.flatMap(typesOf));
  const runs = {
    ...(id === undefined ? {} : { id: { any_: [id] } }),
    ...(name === undefined ? {} : { name: { any_: [name] } }),
    ...(types.size === 0 ? {} : { state: { type: { any_: [...types] } } }),
  };
  if (flow === undefined) return { flow_runs: runs };
  const [, ofDeployment = flow, deployment] = /^(.*)\/([^/]*)$/s.exec(flow) ?? [];
  return {
    flow_runs: runs,
    flows: { name: { any_: [ofDeployment] } },
    ...(deployment === undefined ? {} : { deployments: { name: { any_: [deployment] } } }),
  };
}

/** A run whose process has died is Failed for us. */
const typesOf = (state: StateType): readonly string[] => [
  toWire3(makeState(state, null)).type,
  ...(state === "Failed" ? ["CRASHED"] : []),
];

const stateOf = ({ id, state }: z.infer<typeof row>) => (state == null ? null : fromWire3(state, `flow run ${id}`));

async function flowNames(client: RestClient, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (let at = 0; at < ids.length; at += rowsAtOnce) {
    const body = { flows: { id: { any_: ids.slice(at, at + rowsAtOnce) } }, limit: rowsAtOnce };
    const request = { operation: "the question about flows", method: "POST", path: "/flows/filter", body } as const;
    for (const { id, name } of await client.send({ ...request, shape: z.array(flowRow) })) names.set(id, name);
  }
  return names;
}
