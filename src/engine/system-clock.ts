import type { Clock } from "./ports.ts";

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  until: (time, signal) =>
    new Promise((resolve) => {
      const wait = time - Date.now();
      if (signal?.aborted || wait <= 0) return resolve();
      const timer = setTimeout(done, Math.min(wait, 2 ** 31 - 1));
      function done(): void {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      }
      signal?.addEventListener("abort", done, { once: true });
    }),
};
