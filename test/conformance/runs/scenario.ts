import type { ApiClient } from "../../api/api-client.ts";
import { setFlowRunState, setTaskRunState } from "../../api/api-client.ts";
import type { Column } from "./column.ts";

type Json = Readonly<Record<string, unknown>>;

/** What is done with one flow run: executed, or changed from outside in between, as people and agents do. */
export type Step =
  | "execute"
  /** Every task run that is Paused is resumed, as by hand. */
  | "resume"
  | { readonly flow: Json }
  /** The slug of a task that is not mapped. */
  | { readonly task: string; readonly state: Json };

/** One flow run of a graph. */
export interface PlannedRun {
  readonly parameters?: Json;
  readonly steps?: readonly Step[];
}

/** Plays one flow run; resolves with its id. */
export async function play(column: Column, client: ApiClient, graph: string, run: PlannedRun): Promise<string> {
  const { id } = await client.mutate<{ id: string }>("create_flow_run", {
    flow_id: column.flows.get(graph),
    ...(run.parameters === undefined ? {} : { parameters: run.parameters }),
  });
  for (const step of run.steps ?? ["execute"]) {
    if (step === "execute") await column.execute(id);
    else if (step === "resume") await resume(client, id);
    else if ("flow" in step) await setFlowRunState(client, id, step.flow);
    else await setTaskRunState(client, await taskRunOf(client, id, step.task), step.state);
  }
  return id;
}

interface TaskRunRow {
  readonly id: string;
  readonly state: string;
  readonly map_index: number;
  readonly task: { readonly slug: string };
}

async function taskRunsOf(client: ApiClient, flowRunId: string): Promise<TaskRunRow[]> {
  const { task_run } = await client.send<{ task_run: TaskRunRow[] }>(
    "query($id: uuid!) { task_run(where: { flow_run_id: { _eq: $id } }) { id state map_index task { slug } } }",
    { id: flowRunId },
  );
  return task_run;
}

async function taskRunOf(client: ApiClient, flowRunId: string, slug: string): Promise<string> {
  const found = (await taskRunsOf(client, flowRunId)).find((run) => run.task.slug === slug && run.map_index < 0);
  if (found === undefined) throw new Error(`there is no task run of ${slug}`);
  return found.id;
}

async function resume(client: ApiClient, flowRunId: string): Promise<void> {
  for (const { id, state } of await taskRunsOf(client, flowRunId)) {
    if (state === "Paused")
      await setTaskRunState(client, id, { type: "Resume", message: "by hand", start_time: new Date().toISOString() });
  }
}
