/** What the tests of a flow import beside `flow-runner` itself: the embedded API, to register with and to run against. */
export { type Api, type ApiOptions, startApi } from "../api/index.ts";
export { runInContext } from "../flow/index.ts";
