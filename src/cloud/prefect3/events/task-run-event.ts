import { toWireTime } from "../../../state/index.ts";
import { isEnd3, type WireState3 } from "../../../state/wire/index.ts";
import type { FlowRunNames } from "../task-runs/run-book.ts";
import type { TaskInput } from "../task-runs/task-inputs.ts";
import { mapIndexLabels } from "../task-runs/task-run-row.ts";
import type { TrackedTaskRun } from "../task-runs/tracked-task-run.ts";
import type { Event3 } from "./event.ts";
import { relatedTo } from "./related.ts";

export interface TaskRunChange {
  readonly names: FlowRunNames;
  /** As it is with the new state. */
  readonly run: TrackedTaskRun;
  readonly from: WireState3;
  readonly to: WireState3;
  /** Null: the API knows them better. */
  readonly inputs: Readonly<Record<string, readonly TaskInput[]>> | null;
  readonly id: string;
  /** Epoch milliseconds, later than that of its event before. */
  readonly time: number;
}

/**
 * The event by which the API of Prefect 3 records a state of a task run, and the task run itself. It is a whole picture:
 * one that arrives without those before it is right too, and it names none that it follows: older servers (3.0) keep it back for good when that one was left out. Its id becomes the state's. Prefect 3: `emit_task_run_state_change_event`.
 */
export function taskRunEvent({ names, run, from, to, inputs, id, time }: TaskRunChange): Event3 {
  const occurred = toWireTime(time);
  return {
    id,
    occurred,
    event: `prefect.task-run.${to.name}`,
    resource: {
      "prefect.resource.id": `prefect.task-run.${run.id}`,
      "prefect.resource.name": run.name,
      "prefect.run-count": String(run.runCount),
      "prefect.state-message": to.message ?? "",
      "prefect.state-name": to.name,
      "prefect.state-timestamp": occurred,
      "prefect.state-type": to.type,
      "prefect.orchestration": "client",
    },
    related: relatedTo(names, run.tags),
    payload: {
      intended: { from: from.type, to: to.type },
      initial_state: { ...from, data: null },
      validated_state: to,
      task_run: {
        name: run.name,
        task_key: run.taskKey,
        dynamic_key: run.dynamicKey,
        empirical_policy: { retries: run.retries, retry_delay: run.retryDelay },
        tags: run.tags,
        labels: mapIndexLabels(run.mapIndex),
        ...(inputs === null ? {} : { task_inputs: inputs }),
        run_count: run.runCount,
        flow_run_run_count: names.runCount,
        ...(run.startTime === null
          ? { expected_start_time: occurred }
          : { expected_start_time: toWireTime(run.startTime), start_time: toWireTime(run.startTime) }),
        ...(isEnd3(to) ? { end_time: occurred } : {}),
        total_run_time: run.totalRunTime / 1_000,
      },
    },
  };
}
