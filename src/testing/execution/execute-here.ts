import type { Api } from "../../api/index.ts";
import { parseRunnerEnvironment } from "../../config/index.ts";
import type { FlowDefinition } from "../../flow/index.ts";
import { executeFlowRun } from "../../run/execute/execute.ts";
import type { TestEnd } from "../reading/test-run.ts";
import type { TestClock } from "../time/test-clock.ts";
import { inProcessPlace } from "./in-process-place.ts";
import type { KeptValues } from "./kept-values.ts";
import { type TaskMocks, withMocks } from "./mocks.ts";

export interface ExecuteHere {
  readonly api: Api;
  readonly flow: FlowDefinition;
  readonly clock: TestClock;
  readonly values: KeptValues;
  readonly env: Readonly<Record<string, string>>;
  readonly mocks: TaskMocks;
  readonly signal: AbortSignal;
}

/** What is different where nobody wants to wait: each may be set again. */
const unhurried = {
  // A retry is waited for here, for as long as can be said: it costs nothing.
  FLOW_RUNNER__WAIT_LIMIT: "576h",
  // An answer within this process takes a millisecond: what hangs is known soon.
  PREFECT__CLOUD__REQUEST_TIMEOUT: "1",
};

/**
 * Executes a flow run in this process, as `flow-runner execute` does in a container: the same code, with another clock and
 * with the flow's own code beside it.
 *
 * @throws FlowRunnerError where the run could not begin
 */
export async function executeHere(options: ExecuteHere): Promise<TestEnd> {
  const { api, flow, clock, values, signal } = options;
  const mocked = withMocks(flow, options.mocks);
  const config = parseRunnerEnvironment({ ...unhurried, ...options.env });
  const place = inProcessPlace({ mocked, clock, values, connect: api.connect });
  const { conclusion } = await executeFlowRun(config, { observer: {}, signal, place });
  return { kind: "inProcess", conclusion };
}
