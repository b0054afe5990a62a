import { FlowRunnerError } from "../../errors/flow-runner-error.ts";
import type { HandlerTools, LocationContext, ResultHandler } from "../../flow/result-handler.ts";
import type { HandlerDescription, StoredResult } from "../../state/index.ts";
import { JSONResultHandler } from "../handlers/json-handler.ts";

/** @see storeResult */
export interface StoreRequest {
  readonly handler: ResultHandler;
  /** The flow's own handler, for values that are too large for a state; null: none. */
  readonly flowHandler: ResultHandler | null;
  readonly value: unknown;
  readonly context: LocationContext;
  readonly tools: HandlerTools;
}

/**
 * Persists a value with a handler and tells what a state keeps of it. A value too large for a state goes to the flow's
 * handler when its JSONResultHandler says so (`overflow: "flow"`).
 *
 * @throws what the handler throws
 */
export async function storeResult({
  handler,
  flowHandler,
  value,
  context,
  tools,
}: StoreRequest): Promise<StoredResult> {
  try {
    return { handler: handler.describe(), location: await handler.write(value, context, tools) };
  } catch (error) {
    const tooLarge = error instanceof FlowRunnerError && error.code === "RESULT_TOO_LARGE";
    const overflows = handler instanceof JSONResultHandler && handler.overflowsToFlow;
    if (!tooLarge || !overflows || flowHandler === null || flowHandler instanceof JSONResultHandler) throw error;
    return { handler: flowHandler.describe(), location: await flowHandler.write(value, context, tools) };
  }
}

/**
 * Whether a handler reads what a state says was written by `description`: the same kind, at the same place. What a
 * description does not say (the wire of Prefect 1.x drops all but the bucket) does not count against it, so that a
 * task's own handler, with its endpoint and credentials, is preferred to one rebuilt from the state.
 */
export function reads(handler: ResultHandler, description: HandlerDescription): boolean {
  const own = handler.describe();
  return Object.entries(description).every(
    ([name, value]) => value === null || name === "__version__" || own[name] === undefined || own[name] === value,
  );
}

/** Whether the same write or read may go well later: a store that is out of order, and not a value that is wrong. */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof FlowRunnerError)) return true;
  return ["RESULT_WRITE_FAILED", "RESULT_READ_FAILED", "SECRET_UNAVAILABLE"].includes(error.code);
}
