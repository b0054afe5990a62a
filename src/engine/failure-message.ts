import type { ErrorReport } from "./ports.ts";

/**
 * What went wrong where, in Prefect 1.x's words, which users and dashboards search for; those of the cache are ours.
 */
const sentences = {
  body: "Error during execution of task",
  stateHandlers: "Exception raised while calling state handlers",
  trigger: "Unexpected error while checking task trigger",
  cache: "Unexpected error while looking for a cached result",
  terminalHandler: "Unexpected error",
  flow: "Unexpected error while running flow",
  environment: "Failed to load and execute Flow's environment",
  start: "Failed to load and execute flow run",
} as const;

/**
 * The message of a state that an error has led to. Where Python prints a `repr` (`ValueError('x')`), it has the one form
 * of `describeError`: `Error during execution of task: RangeError: no such day`.
 *
 * @param cause - an error of the flow's own code, or a sentence of ours
 */
export function failureMessage(what: keyof typeof sentences, cause: ErrorReport | string): string {
  return `${sentences[what]}: ${typeof cause === "string" ? cause : describeError(cause)}`;
}

/**
 * An error as `Name: message`, the name alone when it has no message; messages of its causes follow, with `: ` between
 * them. What was thrown and is no Error is `Thrown a string, not an Error: text`, or its JSON.
 */
export function describeError(error: Pick<ErrorReport, "name" | "message">): string {
  return error.message === "" ? error.name : `${error.name}: ${error.message}`;
}
