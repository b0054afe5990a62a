import { FlowRunnerError } from "../../errors/flow-runner-error.ts";
import type { HandlerTools } from "../../flow/result-handler.ts";

/**
 * Takes credentials from a secret. With the default name the secret need not exist: then it is null, and the ambient
 * chain (environment, workload identity, metadata server) is used. A name of the author's own has to exist.
 */
export async function credentialsSecret(
  tools: HandlerTools,
  name: string,
  defaultName: string,
): Promise<{ readonly value: unknown } | null> {
  try {
    return { value: await tools.secret(name) };
  } catch (error) {
    if (name === defaultName && isNotFound(error)) return null;
    throw error;
  }
}

/** Between processes only the message of an error travels. */
function isNotFound(error: unknown): boolean {
  if (error instanceof FlowRunnerError && error.code === ("SECRET_NOT_FOUND" as string)) return true;
  return error instanceof Error && /Secret "[^"]*" was not found|has no secret "/.test(error.message);
}

/** The texts of a secret that is an object: each of `names` that has to be there, and those that may be. */
export function credentialFields<Needed extends string, Possible extends string>(
  secret: string,
  value: unknown,
  needed: readonly Needed[],
  possible: readonly Possible[],
): Record<Needed, string> & Partial<Record<Possible, string>> {
  const shape = `a JSON object with ${needed.join(", ")}${possible.map((name) => `[, ${name}]`).join("")}`;
  const refuse = (problem: string): FlowRunnerError =>
    new FlowRunnerError("RESULT_CREDENTIALS_INVALID", { secret, problem, shape });
  if (typeof value !== "object" || value === null) throw refuse("it is not an object");
  const fields: Partial<Record<string, string>> = {};
  for (const name of [...needed, ...possible]) {
    const field: unknown = Reflect.get(value, name);
    if (typeof field === "string" && field !== "") fields[name] = field;
    else if (field !== undefined && field !== null) throw refuse(`its ${name} is not a text`);
  }
  const missing = needed.find((name) => fields[name] === undefined);
  if (missing !== undefined) throw refuse(`it has no ${missing}`);
  return fields as Record<Needed, string> & Partial<Record<Possible, string>>;
}
