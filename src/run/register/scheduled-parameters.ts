import { FlowRunnerError } from "../../errors/index.ts";
import type { FlowGraph } from "../../graph/index.ts";

/**
 * Refuses a flow whose schedule could start no run: one with a required parameter that a clock gives no value for.
 * Prefect 1.x: `Client.register` refuses it too.
 *
 * @throws FlowRunnerError `SCHEDULE_NEEDS_PARAMETERS`
 */
export function checkScheduledParameters({ name, parameters, schedule }: FlowGraph): void {
  const required = parameters.filter((parameter) => parameter.required).map((parameter) => parameter.name);
  const clocks = schedule?.clocks ?? [];
  const missing = required.filter((each) => clocks.some((clock) => !Object.hasOwn(clock.parameterDefaults, each)));
  if (missing.length > 0) throw new FlowRunnerError("SCHEDULE_NEEDS_PARAMETERS", { flow: name, parameters: missing });
}
