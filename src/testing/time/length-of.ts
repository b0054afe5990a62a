import { FlowRunnerError } from "../../errors/index.ts";
import { milliseconds } from "../../flow/duration.ts";
import type { Duration } from "../../flow/index.ts";

/**
 * A duration as milliseconds.
 *
 * @throws FlowRunnerError `TEST_DURATION_INVALID`
 */
export function lengthOf(duration: Duration): number {
  const length = milliseconds(duration);
  if (length === null) throw new FlowRunnerError("TEST_DURATION_INVALID", { given: String(duration) });
  return length;
}
