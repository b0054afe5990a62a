/** What the tests of a flow import beside `flow-runner` itself: the embedded API, to register with and to run against. */
export {
  type Api,
  type ApiOptions,
  type Fault,
  type FaultPlan,
  type FaultRule,
  type MetFault,
  startApi,
} from "../api/index.ts";
export { runInContext } from "../flow/index.ts";
