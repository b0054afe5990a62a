import { FlowRunnerError } from "../errors/index.ts";
import type { FlowGraph } from "../graph/index.ts";
import { milliseconds } from "./duration.ts";
import type { FlowOptions } from "./flow-options.ts";

/**
 * A flow's own retries, as far as its author says them.
 *
 * @throws FlowRunnerError `FLOW_OPTION_INVALID` with the option
 */
export function flowRetries(
  flow: string,
  { maxRetries, retryDelay }: Pick<FlowOptions, "maxRetries" | "retryDelay">,
): Pick<FlowGraph, "maxRetries" | "retryDelay"> {
  const refuse = (option: string, problem: string) =>
    new FlowRunnerError("FLOW_OPTION_INVALID", { flow, option, problem });
  if (maxRetries !== undefined && (!Number.isInteger(maxRetries) || maxRetries < 0))
    throw refuse("maxRetries", "it must be a whole number, 0 or more.");
  const delay = retryDelay === undefined ? undefined : milliseconds(retryDelay);
  if (delay === null)
    throw refuse(
      "retryDelay",
      `it must be milliseconds or a text like "500ms", "10s", "5m", "1h", "2d", not ${JSON.stringify(retryDelay)}.`,
    );
  return {
    ...(maxRetries === undefined ? {} : { maxRetries }),
    ...(delay === undefined ? {} : { retryDelay: delay }),
  };
}
