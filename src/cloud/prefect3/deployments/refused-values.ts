import { FlowRunnerError } from "../../../errors/index.ts";
import { rejectedWith } from "../client/rest-client.ts";

/** As Prefect 3 says it of the first value that a deployment's schema does not take, with 409 of a run, with 422 of a deployment. */
const refusal = /Validation failed for field '(.+?)'\. Failure reason: (.+)$/s;

/**
 * An API's refusal of parameters as the mistake in the values that it is; any other error as it is.
 *
 * @param flow - the flow's name
 */
export function refusedValues(error: unknown, flow: string): unknown {
  if (!rejectedWith(error, 409, 422)) return error;
  const [, field, reason] = refusal.exec((error.details as { problem: string }).problem) ?? [];
  if (field === undefined || reason === undefined) return error;
  return new FlowRunnerError("PARAMETER_VALUE_INVALID", { flow, problems: [`${field}: ${reason}`] });
}
