/**
 * Prefect 1.x's casting of an environment variable into a context value: `$NAME`, `${NAME}` and a leading `~` are
 * expanded, then `true`/`false`, numbers in their shortest writing and JSON become what they say; `None` is null; all
 * else stays text. Numbers that JavaScript cannot hold exactly stay text.
 *
 * Never used for keys, tokens or secrets: Prefect casts those too and so changes a token that holds a `$` or a `~`.
 *
 * @example castContextValue("3", env) // 3
 * @example castContextValue("~/data", env) // "/root/data"
 */
export function castContextValue(value: string, env: NodeJS.ProcessEnv): unknown {
  const expanded = expandPath(value, env);
  const lower = expanded.toLowerCase();
  if (lower === "true") return true;
  if (lower === "false") return false;
  if (expanded === "None" || expanded === "null") return null;
  const number = Number(expanded);
  if (Number.isFinite(number) && String(number) === expanded) return number;
  if (/^[[{"]/.test(expanded)) return parseJson(expanded) ?? expanded;
  return expanded;
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
