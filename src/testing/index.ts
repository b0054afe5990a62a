/** What the tests of a flow import beside `flow-runner` itself: the embedded API, to register with and to run against. */
export {
  type Api,
  type ApiOptions,
  type Fault,
  type FaultPlan,
  type FaultRule,
  type MetFault,
  type SeenOperation,
  startApi,
} from "../api/index.ts";
export { runInContext } from "../flow/index.ts";
export type { ExecuteOptions } from "./execution/execute-options.ts";
export { hang, type TaskMock, type TaskMocks } from "./execution/mocks.ts";
export { assertLogged, assertResult, assertRun, assertState } from "./expecting/assertions.ts";
export type { ExpectedLog, ExpectedRun } from "./expecting/checks.ts";
export { type FlowRunMatchers, flowRunMatchers } from "./expecting/matchers.ts";
export { type FaultOptions, type FaultTarget, faults } from "./faults/faults.ts";
export { openTestkit } from "./open-testkit.ts";
export type { TestRequest } from "./reading/requests.ts";
export type { TestEnd, TestLog, TestRun, TestTaskRun } from "./reading/test-run.ts";
export type { PlannedRun, Testkit, TestkitOptions, TestRunOptions } from "./testkit.ts";
