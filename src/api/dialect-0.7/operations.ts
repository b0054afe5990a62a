/**
 * The mutations of 1.x that 0.7 has too, under the same names in camelCase: `set_task_run_states` is
 * `setTaskRunStates`, its input `setTaskRunStatesInput`, and there `task_run_id` is `taskRunId`. What they answer has
 * the same fields.
 *
 * Source: what `prefect.Client` and the agents of 0.7.0 send. `write_run_logs` came with 0.7.1, the cancellation of a
 * run with 0.12.
 */
export const sharedMutations = [
  "create_flow",
  "create_flow_from_compressed_string",
  "set_schedule_active",
  "set_schedule_inactive",
  "create_flow_run",
  "delete_flow_run",
  "get_or_create_task_run",
  "set_flow_run_states",
  "set_task_run_states",
  "update_flow_run_heartbeat",
  "update_task_run_heartbeat",
  "write_run_logs",
  "get_runs_in_queue",
  "set_secret",
  "delete_secret",
  "update_task_tag_limit",
  "delete_task_tag_limit",
] as const;

/** `flow_run_id` is `flowRunId`. */
export const camelCase = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The other way: `flowRunId` is `flow_run_id`. */
export const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
