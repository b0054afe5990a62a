import type { ErrorReport } from "../../engine/index.ts";

/** The longest message of a state, in characters; Prefect's UI and API choke on longer ones. */
const longestMessage = 64_000;
const longestStack = 16_000;

/** `src/` in a checkout, `dist/` in the package, as a stack trace shows it. */
const ownFolder = import.meta.url.replace(
  /\/(src\/host\/core|dist)\/.*$/,
  (_, folder: string) => `/${folder.split("/")[0]}/`,
);

export const cut = (text: string, most = longestMessage): string =>
  text.length <= most ? text : `${text.slice(0, most)} … (${text.length - most} more characters)`;

/** Takes the secrets out of a text. */
export type Mask = (text: string) => string;

const asItIs: Mask = (text) => text;

/**
 * Whatever was thrown, as text: flows throw strings, plain objects and undefined too.
 *
 * @param mask - applied before a text is cut: nothing would find half a secret later
 */
export function reportError(thrown: unknown, retryable: boolean, mask: Mask = asItIs): ErrorReport {
  if (thrown instanceof Error) {
    return {
      name: thrown.name || thrown.constructor.name,
      message: cut(mask(causes(thrown) + whoWasDenied(thrown))),
      stack: thrown.stack === undefined ? null : cut(ownFramesOut(mask(thrown.stack)), longestStack),
      retryable,
    };
  }
  const kind = thrown == null ? String(thrown) : typeof thrown === "object" ? "an object" : `a ${typeof thrown}`;
  return { name: `Thrown ${kind}, not an Error`, message: cut(mask(textOf(thrown))), stack: null, retryable };
}

/** Frames of this package and of Node's insides tell the author of a task nothing. */
function ownFramesOut(stack: string): string {
  const isForeign = (line: string): boolean =>
    /^ {4}at /.test(line) &&
    (line.includes(ownFolder) ||
      line.includes("node:internal/") ||
      /at (new Promise|Promise\.try) \(<anonymous>\)$/.test(line));
  return stack
    .split("\n")
    .filter((line) => !isForeign(line))
    .join("\n");
}

/** `fetch failed` alone helps nobody: the causes say what failed. */
function causes(error: Error): string {
  const parts = [error.message];
  let cause = error.cause;
  for (let depth = 0; depth < 5 && cause instanceof Error; depth += 1) {
    parts.push(cause.message || ("code" in cause ? String(cause.code) : cause.name));
    cause = cause.cause;
  }
  return parts.join(": ");
}

/** A flow that counts on root's rights is told why it does not have them. */
function whoWasDenied(error: Error): string {
  const user = process.env.FLOW_RUNNER__HOST_USER;
  const isDenied = "code" in error && (error.code === "EACCES" || error.code === "EPERM");
  if (!isDenied || user === undefined || process.getuid?.() === 0) return "";
  return ` (the flow's code runs as ${user} here; FLOW_RUNNER__HOST_USER=root has it run as root)`;
}

function textOf(thrown: unknown): string {
  if (typeof thrown === "string") return thrown;
  try {
    return JSON.stringify(thrown) ?? String(thrown);
  } catch {
    return String(thrown);
  }
}
