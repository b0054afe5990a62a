import { fileURLToPath } from "node:url";
import { getCallSites } from "node:util";

/** A place in the author's source. */
export interface CallSite {
  /** Absolute path of the module that runs; null where the code came from no file. */
  readonly file: string | null;
  /** `file:line` as its author sees it; null where the code came from no file. */
  readonly place: string | null;
}

/**
 * The place that called the function which calls this one: called first thing by `task()` and `flow()`, it finds the
 * author's line.
 *
 * `file` and `place` differ in a bundle with a source map: only a stack as text goes through it, whoever reads the map
 * (Node, a test runner).
 */
export function callSite(): CallSite {
  // Frames: this function, the one that wants to know, its caller.
  const running = getCallSites(3, { sourceMap: false })[2];
  const file = filePath(running?.scriptName);
  if (running === undefined || file === null) return { file: null, place: null };
  return { file, place: placeIn(new Error().stack?.split("\n")[3]) ?? `${file}:${running.lineNumber}` };
}

/**
 * Reads a line of a stack: `at build (file:///flows/weather.ts:12:3)`. In a saved flow the author's file is told from its
 * project's folder: `flow:src/weather.ts`.
 */
function placeIn(frame: string | undefined): string | null {
  const [, script, line] =
    /(?:^|[\s(])((?:flow:|file:\/\/|\/|[A-Za-z]:[\\/])[^()]*):(\d+):\d+\)?$/.exec(frame ?? "") ?? [];
  const file = script?.startsWith("flow:") ? script : filePath(script);
  return file === null ? null : `${file}:${line}`;
}

function filePath(script: string | undefined): string | null {
  // Code given to `node -e` is called `[eval1]`, in a folder or not.
  if (script === undefined || /\[eval\d*\]/.test(script)) return null;
  if (script.startsWith("file:")) return fileURLToPath(script);
  return /^(?:\/|[A-Za-z]:[\\/])/.test(script) ? script : null;
}
