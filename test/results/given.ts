import { FlowRunnerError } from "../../src/errors/index.ts";
import type { HandlerTools, LocationContext } from "../../src/results/index.ts";

/** A location context with what a test cares about. */
export function contextOf(fields: Partial<LocationContext> = {}): LocationContext {
  return {
    flow_name: "weather",
    flow_run_id: "f47ac10b-58cc-4372-a567-0e02b2c3d479",
    task_name: "mean",
    task_slug: "mean-1",
    task_full_name: "mean",
    task_run_id: "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d",
    map_index: null,
    date: "2020-01-02T03:04:05.000Z",
    today: "2020-01-02",
    parameters: {},
    inputs: {},
    ...fields,
  };
}

/** A handler's tools with these secrets; another secret is refused the way a run refuses it. */
export function toolsOf(
  secrets: Readonly<Record<string, unknown>> = {},
  more: Partial<HandlerTools> = {},
): HandlerTools {
  return {
    secret: async (name) => {
      if (name in secrets) return secrets[name];
      throw new Error(`Secret "${name}" was not found.`);
    },
    signal: new AbortController().signal,
    ...more,
  };
}

/** The FlowRunnerError that a promise rejects with. */
export async function refusal(work: Promise<unknown>): Promise<FlowRunnerError> {
  const outcome = await work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ("error" in outcome && outcome.error instanceof FlowRunnerError) return outcome.error;
  throw new Error("no FlowRunnerError", { cause: outcome });
}
