import { castContextValue } from "./cast.ts";

const prefix = "PREFECT__CONTEXT__";
const secretPrefix = `${prefix}SECRETS__`;

/**
 * The initial run context: `PREFECT__CONTEXT__A__B=1` is `{ a: { b: 1 } }`, keys in lower case, values cast.
 * Secrets are not in it (see {@link secretsFrom}).
 */
export function contextFrom(env: NodeJS.ProcessEnv): Record<string, unknown> {
  const context: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith(prefix) || name.startsWith(secretPrefix) || value === undefined) continue;
    const path = name.slice(prefix.length).toLowerCase().split("__");
    place(context, path, path[0] === "flow_run_id" ? value : castContextValue(value, env));
  }
  return context;
}

/** `PREFECT__CONTEXT__SECRETS__NAME`: the name keeps its case and the value every character. */
export function secretsFrom(env: NodeJS.ProcessEnv): Record<string, string> {
  // Without a prototype: a flow may ask for a secret named "constructor".
  const secrets: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith(secretPrefix) && value !== undefined) secrets[name.slice(secretPrefix.length)] = value;
  }
  return secrets;
}

function place(into: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined || key === "") return;
  if (rest.length === 0) {
    // A section that was filled from A__B stays when A itself comes later.
    if (!isSection(into[key])) define(into, key, value);
    return;
  }
  if (!isSection(into[key])) define(into, key, {});
  place(into[key] as Record<string, unknown>, rest, value);
}

/** Plain assignment to a key such as `__proto__` would change the prototype instead. */
function define(into: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(into, key, { value, enumerable: true, writable: true, configurable: true });
}

function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
