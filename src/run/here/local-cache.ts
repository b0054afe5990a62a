import { MemoryResults } from "../../host/index.ts";
import type { State } from "../../state/index.ts";

/** Results that one flow keeps between its runs in this process. Prefect 1.x: `prefect.context.caches`. */
export class LocalCache {
  readonly results = new MemoryResults();
  readonly #states = new Map<string, State[]>();

  /** Newest first. */
  of(key: string): readonly State[] {
    return this.#states.get(key) ?? [];
  }

  add(key: string, cached: State): void {
    this.#states.set(key, [cached, ...this.of(key)]);
  }
}
