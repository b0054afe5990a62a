import { z } from "zod";
import { type StateType, stateTypes } from "../../../state/index.ts";
import type { FlowRunRow, FlowRunsQuery } from "../../port/runs-api.ts";
import { timeColumn } from "../../time-column.ts";
import type { GraphqlClient } from "../client/graphql-client.ts";

const row = z.object({
  id: z.string(),
  name: z.string().nullish(),
  state: z.string().nullish(),
  state_message: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  scheduled_start_time: timeColumn,
  start_time: timeColumn,
  end_time: timeColumn,
  flow: z.object({ id: z.string(), name: z.string(), project: z.object({ name: z.string() }).nullish() }),
});
const answer = z.object({ flow_run: z.array(row) });

const columns =
  "id name state state_message parameters scheduled_start_time start_time end_time flow { id name project { name } }";

/** See `RunsApi.flowRuns`. */
export async function fetchFlowRuns(client: GraphqlClient, query: FlowRunsQuery): Promise<FlowRunRow[]> {
  const document = {
    operation: "the question about flow runs",
    query: `query { flow_run(where: { ${conditions(query)} }, order_by: { scheduled_start_time: desc }, limit: ${query.limit}) { ${columns} } }`,
  };
  return (await client.send(document, answer)).flow_run.map((run) => ({
    id: run.id,
    name: run.name ?? run.id,
    flow: { id: run.flow.id, name: run.flow.name, project: run.flow.project?.name ?? null },
    state: isStateType(run.state) ? run.state : null,
    message: run.state_message ?? null,
    parameters: run.parameters ?? {},
    scheduled: run.scheduled_start_time,
    started: run.start_time,
    ended: run.end_time,
  }));
}

function conditions({ id, name, flow, project, states }: FlowRunsQuery): string {
  const equal = (value: string) => `{ _eq: ${JSON.stringify(value)} }`;
  const ofFlow = [
    ...(flow === undefined ? [] : [`name: ${equal(flow)}`]),
    ...(project === undefined ? [] : [`project: { name: ${equal(project)} }`]),
  ];
  return [
    ...(id === undefined ? [] : [`id: ${equal(id)}`]),
    ...(name === undefined ? [] : [`name: ${equal(name)}`]),
    ...(ofFlow.length === 0 ? [] : [`flow: { ${ofFlow.join(", ")} }`]),
    ...(states === undefined || states.length === 0 ? [] : [`state: { _in: ${JSON.stringify(states)} }`]),
  ].join(", ");
}

const isStateType = (type: string | null | undefined): type is StateType => stateTypes.some((known) => known === type);
