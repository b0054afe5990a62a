import { z } from "zod";
import type { Api } from "../../api/index.ts";
import { fullName } from "../../graph/full-name.ts";
import type { FlowGraph } from "../../graph/index.ts";
import { fromWireTime, type State } from "../../state/index.ts";
import { fromWire1x } from "../../state/wire/index.ts";
import type { TestLog, TestRunData, TestTaskRun } from "./test-run.ts";

const stateShape = z.object({ serialized_state: z.unknown() });
const shape = z.object({
  flow_run_by_pk: z.object({
    name: z.string(),
    states: z.array(stateShape),
    task_runs: z.array(
      z.object({
        id: z.string(),
        map_index: z.number(),
        task: z.object({ name: z.string(), slug: z.string() }),
        states: z.array(stateShape),
      }),
    ),
    logs: z.array(
      z.object({
        timestamp: z.string(),
        level: z.enum(["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]),
        name: z.string().nullable(),
        message: z.string().nullable(),
        task_run_id: z.string().nullable(),
      }),
    ),
  }),
});

const document = `query($id: uuid!) {
  flow_run_by_pk(id: $id) {
    name
    states(order_by: { version: asc }) { serialized_state }
    task_runs { id map_index task { name slug } states(order_by: { version: asc }) { serialized_state } }
    logs(order_by: { timestamp: asc }) { timestamp level name message task_run_id }
  }
}`;

/** Reads what the API has of a flow run. It is no request, and meets no fault. */
export function readRun(
  api: Pick<Api, "query">,
  id: string,
  graph: FlowGraph,
): Pick<TestRunData, "id" | "name" | "flow" | "states" | "taskRuns" | "logs"> {
  const { flow_run_by_pk: run } = shape.parse(api.query(document, { id }));
  const places = new Map(graph.tasks.map(({ slug }, at) => [slug, at]));
  const place = ({ slug }: TestTaskRun): number => places.get(slug) ?? graph.tasks.length;
  const taskRuns = run.task_runs
    .map(({ id: runId, map_index: index, task, states }) => {
      // A task that is called twice is told apart by its slugs.
      const isOne = graph.tasks.filter(({ name }) => name === task.name).length < 2;
      return taskRunOf({ id: runId, index, ...task, shown: isOne ? task.name : task.slug }, statesOf(states));
    })
    .toSorted((a, b) => place(a) - place(b) || (a.mapIndex ?? -1) - (b.mapIndex ?? -1));
  const names = new Map(taskRuns.map((taskRun) => [taskRun.id, taskRun.name]));
  const logs = run.logs.map(
    ({ timestamp, level, name, message, task_run_id: of }): TestLog => ({
      time: fromWireTime(timestamp) ?? 0,
      level,
      name: name ?? "",
      message: message ?? "",
      taskRun: of === null ? null : (names.get(of) ?? null),
    }),
  );
  return { id, name: run.name, flow: graph.name, states: statesOf(run.states), taskRuns, logs };
}

const statesOf = (rows: readonly z.infer<typeof stateShape>[]): readonly State[] =>
  rows.map(({ serialized_state: state }) => fromWire1x(state));

interface TaskRunRow {
  readonly id: string;
  /** -1: no child of a mapped task. */
  readonly index: number;
  readonly name: string;
  readonly slug: string;
  readonly shown: string;
}

function taskRunOf({ id, index, name: task, slug, shown }: TaskRunRow, states: readonly State[]): TestTaskRun {
  const state = states.at(-1);
  if (state === undefined) throw new TypeError("a task run has a state from its beginning");
  const mapIndex = index < 0 ? null : index;
  const name = fullName(shown, mapIndex);
  const times = states.filter(({ type }) => type === "Running").length;
  return { id, name, task, slug, mapIndex, state, states, times };
}
