import { row } from "../define.ts";

/** Errors of testing flows (`src/testing/`) and of recorded conversations. */
export const testingErrors = {
  TEST_DURATION_INVALID: row<{ given: string }>(
    "usage",
    ({ given }) =>
      `"${given}" is no length of time. Give milliseconds, or a number with a unit: "500ms", "10s", "5m", "1.5h", "2d".`,
  ),
  TEST_TIME_INVALID: row<{ given: string }>(
    "usage",
    ({ given }) => `"${given}" is no time. Give a Date, or text such as "2026-01-01T06:00:00Z".`,
  ),
  TEST_MOCK_UNKNOWN: row<{ flow: string; task: string; tasks: readonly string[]; meant: string | undefined }>(
    "usage",
    ({ flow, task, tasks, meant }) =>
      `There is a mock for "${task}", and the flow "${flow}" has no such task. ${meant === undefined ? `Its tasks are ${tasks.join(", ")}.` : `Did you mean "${meant}"?`}`,
  ),
  TEST_MOCK_INVALID: row<{ task: string; given: string }>(
    "usage",
    ({ task, given }) => `The mock for "${task}" is a ${given}. Give a function: () => value.`,
  ),
  TEST_MOCKS_IN_PROCESS: row<{ as: string }>(
    "usage",
    ({ as }) =>
      `A mock is a function of this process, and the run is to be executed ${as}, which has the flow's own code. Leave out the mocks, or execute it in this process.`,
  ),
  TEST_FLOW_UNREGISTERED: row<{ flow: string; registered: readonly string[] }>(
    "usage",
    ({ flow, registered }) =>
      `The flow "${flow}" is not registered with this API${registered.length === 0 ? "" : `, which has ${registered.join(", ")}`}. Call register() first.`,
  ),
  TEST_TASK_UNKNOWN: row<{ flow: string; task: string; taskRuns: readonly string[]; meant: string | undefined }>(
    "usage",
    ({ flow, task, taskRuns, meant }) =>
      `The run of "${flow}" has no task run "${task}". ${meant === undefined ? `It has ${taskRuns.join(", ")}.` : `Did you mean "${meant}"?`}`,
  ),
  TEST_RESULT_MISSING: row<{ task: string; reason: string }>(
    "failed",
    ({ task, reason }) => `There is no result of ${task} to look at: ${reason}.`,
  ),
};
