import { FlowRunnerError } from "../../errors/index.ts";

/**
 * A time as epoch milliseconds.
 *
 * @throws FlowRunnerError `TEST_TIME_INVALID`
 */
export function timeOf(given: Date | string): number {
  const time = new Date(given).getTime();
  if (Number.isNaN(time)) throw new FlowRunnerError("TEST_TIME_INVALID", { given: String(given) });
  return time;
}
