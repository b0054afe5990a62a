import { watch } from "node:fs";
import { dirname } from "node:path";

/** Milliseconds in which an editor has written all that it writes for one save. */
const settle = 100;
const sources = /\.([cm]?[jt]sx?|json)$/;
const ignored = ["**/node_modules/**", "**/.git/**"];

/**
 * Gives a signal at once, and another one at each save of a source in the file's folder or below it. A signal aborts
 * when the next one is due: what was begun with it is out of date. Ends when `signal` aborts.
 */
export async function* watchSource(file: string, signal: AbortSignal): AsyncGenerator<AbortSignal> {
  let current = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => current.abort(signal.reason);
  const watcher = watch(dirname(file), { recursive: true, ignore: ignored }, (_, name) => {
    if (name === null || !sources.test(name)) return;
    clearTimeout(timer);
    timer = setTimeout(() => current.abort("saved"), settle);
  });
  signal.addEventListener("abort", stop, { once: true });
  try {
    while (!signal.aborted) {
      yield current.signal;
      const { signal: over } = current;
      if (!over.aborted) await new Promise((resolve) => over.addEventListener("abort", resolve, { once: true }));
      current = new AbortController();
    }
  } finally {
    clearTimeout(timer);
    watcher.close();
    signal.removeEventListener("abort", stop);
  }
}
