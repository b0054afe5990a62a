import { row } from "../define.ts";

/** Errors of looking after flow runs (`src/run/operate/`). */
export const operateErrors = {
  FLOW_RUN_UNKNOWN: row<{ run: string; api: string; meant: string | undefined }>(
    "usage",
    ({ run, api, meant }) =>
      `The API at ${api} has no flow run "${run}".${meant === undefined ? "" : ` Did you mean "${meant}"?`} Runs are listed by: flow-runner runs.`,
  ),
  FLOW_RUN_UNFINISHED: row<{ run: string; state: string }>(
    "usage",
    ({ run, state }) =>
      `Flow run "${run}" is ${state}: it is not over, so there is nothing to retry. Wait for its end (flow-runner logs --follow), or cancel it first.`,
  ),
  NOTHING_TO_RETRY: row<{ run: string; state: string }>(
    "usage",
    ({ run, state }) =>
      `Flow run "${run}" is ${state} and none of its task runs failed or was cancelled: there is nothing to retry. Start another run with: flow-runner create-run.`,
  ),
  FLOW_RUN_CHANGED: row<{ run: string; reason: string }>(
    "failed",
    ({ run, reason }) =>
      `Flow run "${run}" has changed while it was being retried: ${reason}. Look at it again (flow-runner runs) and try once more.`,
  ),
  DEBUG_OPTIONS_EXCLUDE: row(
    "usage",
    () => "--task and --from exclude each other: --from runs everything downstream too. Give one of them.",
  ),
  TASK_RUN_NOT_IN_RUN: row<{ task: string; run: string; tasks: readonly string[]; meant: string | undefined }>(
    "usage",
    ({ task, run, tasks, meant }) =>
      `Flow run "${run}" has no task run "${task}". ${meant === undefined ? `Its tasks are ${tasks.join(", ")}.` : `Did you mean "${meant}"?`}`,
  ),
};
