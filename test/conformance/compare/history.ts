import { z } from "zod";
import type { ApiClient } from "../../api/api-client.ts";
import { stateLine, type WireState, wireStateSchema } from "./state-line.ts";

const stateSchema = z.object({ timestamp: z.string(), serialized_state: wireStateSchema });
const slugSchema = z.object({ slug: z.string() });
const runSchema = z.object({
  states: z.array(stateSchema),
  task_runs: z.array(z.object({ map_index: z.number(), task: slugSchema, states: z.array(stateSchema) })),
  flow: z.object({
    edges: z.array(z.object({ upstream_task: slugSchema, downstream_task: slugSchema, mapped: z.boolean() })),
  }),
});

const question = `query($id: uuid!) { flow_run_by_pk(id: $id) {
  states(order_by: { version: asc }) { timestamp serialized_state }
  task_runs { map_index task { slug } states(order_by: { version: asc }) { timestamp serialized_state } }
  flow { edges { mapped upstream_task { slug } downstream_task { slug } } }
} }`;

/** One state of a history. */
export interface Past {
  readonly at: string;
  readonly state: WireState;
}

export interface TaskRunHistory {
  readonly slug: string;
  /** Null for a task run that is not a mapped child. */
  readonly mapIndex: number | null;
  readonly states: readonly Past[];
}

/** Everything that the API keeps of a flow run's states, in order. */
export interface History {
  readonly flow: readonly Past[];
  /** By label: `square-1[2]`. */
  readonly taskRuns: ReadonlyMap<string, TaskRunHistory>;
  readonly edges: readonly { readonly upstream: string; readonly downstream: string; readonly mapped: boolean }[];
}

export async function historyOf(client: ApiClient, flowRunId: string): Promise<History> {
  const { flow_run_by_pk: run } = z
    .object({ flow_run_by_pk: runSchema })
    .parse(await client.send(question, { id: flowRunId }));
  const past = (states: z.output<typeof stateSchema>[]): Past[] =>
    states.map(({ timestamp, serialized_state }) => ({ at: timestamp, state: serialized_state }));
  return {
    flow: past(run.states),
    taskRuns: new Map(
      run.task_runs.map(({ task: { slug }, map_index: index, states }) => [
        index < 0 ? slug : `${slug}[${index}]`,
        { slug, mapIndex: index < 0 ? null : index, states: past(states) },
      ]),
    ),
    edges: run.flow.edges.map(({ upstream_task, downstream_task, mapped }) => ({
      upstream: upstream_task.slug,
      downstream: downstream_task.slug,
      mapped,
    })),
  };
}

/** A flow run's states as lines, by label; the flow's own under `flow`. */
export function storyOf(history: History): ReadonlyMap<string, readonly string[]> {
  const lines = (states: readonly Past[]): string[] => states.map(({ state }) => stateLine(state));
  return new Map([
    ["flow", lines(history.flow)],
    ...[...history.taskRuns].map(([label, { states }]): [string, string[]] => [label, lines(states)]),
  ]);
}
