import { parsePythonLiteral } from "./python-literal.ts";

/**
 * Prefect 1.x's casting of a configuration value: `true` and `false` in any case become booleans, any other Python
 * literal what it says; all else stays text. JSON is taken too (`null`, `[true]`), which Prefect leaves as text. Numbers
 * that JavaScript cannot hold exactly stay text.
 *
 * Never used for keys, tokens, secrets or ids: Prefect casts those too, and so changes a token that looks like a number.
 *
 * @example castValue("['a', 1]") // ["a", 1]
 */
export function castValue(value: string): unknown {
  const lower = value.toLowerCase();
  if (lower === "true") return true;
  if (lower === "false") return false;
  if (value === "null") return null;
  const literal = parsePythonLiteral(value);
  if (literal !== undefined) return literal;
  return /^\s*[[{]/.test(value) ? (parseJson(value) ?? value) : value;
}

/** Expands `$NAME`, `${NAME}` and a leading `~`; a variable that is not set stays as it is written, as in Python. */
export function expandPath(value: string, env: NodeJS.ProcessEnv): string {
  const home = env.HOME;
  const tilde = home !== undefined && /^~(?=\/|$)/.test(value) ? home + value.slice(1) : value;
  return tilde.replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (written, braced?: string, bare?: string) => env[braced ?? bare ?? ""] ?? written,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Text that merely begins like JSON is text.
    return undefined;
  }
}
