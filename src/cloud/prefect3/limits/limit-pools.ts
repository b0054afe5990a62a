import { LimitPool } from "./limit-pool.ts";

/** The limits that this process asks for, together as they are asked for. */
export class LimitPools {
  readonly #pools = new Map<string, LimitPool>();

  of(names: readonly string[], mode: "concurrency" | "rate_limit" = "concurrency"): LimitPool {
    const sorted = [...new Set(names)].toSorted();
    const key = JSON.stringify([mode, ...sorted]);
    const known = this.#pools.get(key) ?? new LimitPool(sorted);
    this.#pools.set(key, known);
    return known;
  }

  /** So many slots of each of these limits have become free. */
  freed(names: readonly string[], slots: number): void {
    const freed = new Set(names);
    for (const pool of this.#pools.values())
      if (pool.names.some((name) => freed.has(name))) for (let slot = 0; slot < slots; slot += 1) pool.wakeOne();
  }
}
