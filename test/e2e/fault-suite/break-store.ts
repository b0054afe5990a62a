import type { Tap } from "../resume/tap.ts";

export interface BrokenStore {
  /** Resolves when so many more requests have arrived. */
  after(count: number): Promise<void>;
  /** From now on nothing goes wrong. */
  mend(): void;
}

/**
 * Ends the connection of some requests to a store, by their number, before or after they are done. The store's client
 * tries again; what it is told twice is the same.
 */
export function breakStore(s3: Tap, plan: ReadonlyMap<number, "arrived" | "done">): BrokenStore {
  let requests = 0;
  let broken: "arrived" | "done" | undefined;
  const waiting = new Map<number, PromiseWithResolvers<void>>();
  s3.watch = ({ moment }) => {
    if (moment === "arrived") {
      requests += 1;
      broken = plan.get(requests);
      waiting.get(requests)?.resolve();
    }
    if (moment !== broken) return undefined;
    broken = undefined;
    return "drop";
  };
  return {
    after: (count) => {
      const at = requests + count;
      const waits = waiting.get(at) ?? Promise.withResolvers<void>();
      waiting.set(at, waits);
      return waits.promise;
    },
    mend: () => {
      s3.watch = () => undefined;
    },
  };
}
