import { z } from "zod";
import { timeColumn } from "../../time-column.ts";

/** A task run as the API of Prefect 3 tells of it. */
export const taskRunRow = z.object({
  id: z.string(),
  name: z.string(),
  task_key: z.string(),
  dynamic_key: z.string(),
  run_count: z.number().catch(0),
  start_time: timeColumn,
  end_time: timeColumn,
  total_run_time: z.number().catch(0),
  tags: z.array(z.string()).catch([]),
  labels: z.record(z.string(), z.unknown()).nullish(),
  task_inputs: z.record(z.string(), z.array(z.looseObject({ id: z.string().optional() }))).catch({}),
  state: z.looseObject({ id: z.string().nullish(), timestamp: z.string().nullish() }).nullish(),
});
export type TaskRunRow = z.infer<typeof taskRunRow>;

const indexLabel = "flow-runner.map-index";

/** By these a task run is known as the child of a mapped task: its keys do not tell an only child from none. */
export const mapIndexLabels = (mapIndex: number | null): Readonly<Record<string, number>> =>
  mapIndex === null ? {} : { [indexLabel]: mapIndex };

/** Null: it is no child, or not one of ours. */
export function mapIndexIn({ labels }: Pick<TaskRunRow, "labels">): number | null {
  const index = labels?.[indexLabel];
  return typeof index === "number" ? index : null;
}

/** The task key of a task run that stands for a run of another deployment begins with this, as Prefect's own does. */
export const subflowKey = "prefect.deployments.flow_runs.run_deployment.";

/** Whether it stands for a run of another deployment in the graph: it is no task's of the flow. */
export const standsForSubflow = ({ task_key }: Pick<TaskRunRow, "task_key">): boolean =>
  task_key.startsWith(subflowKey);

/** How a task run is known within its flow run: the API keeps one for each pair. */
export const naturalKey = ({ task_key, dynamic_key }: Pick<TaskRunRow, "task_key" | "dynamic_key">): string =>
  `${task_key} ${dynamic_key}`;
