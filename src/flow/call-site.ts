import { fileURLToPath } from "node:url";
import { getCallSites } from "node:util";

/** A place in the author's source. */
export interface CallSite {
  /** Absolute path; null where the code came from no file. */
  readonly file: string | null;
  /** `file:line`, through the source map where there is one; null where the code came from no file. */
  readonly place: string | null;
}

/**
 * The place that called the function which calls this one: called first thing by `task()` and `flow()`, it finds the
 * author's line.
 *
 * `file` is the module that runs, `place` what its author sees: they differ in a bundle with a source map.
 */
export function callSite(): CallSite {
  // Frames: this function, the one that wants to know, its caller.
  const running = getCallSites(3)[2];
  const file = filePath(running?.scriptName);
  if (running === undefined || file === null) return { file: null, place: null };
  const mapped = getCallSites(3, { sourceMap: true })[2] ?? running;
  return { file, place: `${filePath(mapped.scriptName) ?? file}:${mapped.lineNumber}` };
}

function filePath(script: string | undefined): string | null {
  if (script === undefined) return null;
  if (script.startsWith("file:")) return fileURLToPath(script);
  return /^(?:\/|[A-Za-z]:[\\/])/.test(script) ? script : null;
}
