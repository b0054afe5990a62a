/** What became of user code that had only so long. */
export type Raced<T> =
  | { readonly kind: "value"; readonly value: T }
  | { readonly kind: "thrown"; readonly error: unknown }
  | { readonly kind: "aborted" };

/**
 * Runs user code until it answers or its signal aborts; an answer that comes after the abort is discarded.
 *
 * The code itself cannot be stopped here: it holds the signal and may heed it.
 */
export function raceSignal<T>(signal: AbortSignal, run: () => T | Promise<T>): Promise<Raced<Awaited<T>>> {
  return new Promise((resolve) => {
    const aborted = (): void => resolve({ kind: "aborted" });
    if (signal.aborted) return aborted();
    signal.addEventListener("abort", aborted, { once: true });
    const finish = (raced: Raced<Awaited<T>>): void => {
      signal.removeEventListener("abort", aborted);
      resolve(raced);
    };
    Promise.try(run).then(
      (value) => finish({ kind: "value", value: value as Awaited<T> }),
      (error: unknown) => finish({ kind: "thrown", error }),
    );
  });
}
