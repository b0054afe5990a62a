import { fullName } from "../../graph/full-name.ts";

/** The values of task runs that ended in this process and that no result handler has persisted, for a test to look at. */
export class KeptValues {
  readonly #values = new Map<string, unknown>();

  keep(slug: string, mapIndex: number | null, value: unknown): void {
    this.#values.set(fullName(slug, mapIndex), value);
  }

  has(slug: string, mapIndex: number | null): boolean {
    return this.#values.has(fullName(slug, mapIndex));
  }

  get(slug: string, mapIndex: number | null): unknown {
    return this.#values.get(fullName(slug, mapIndex));
  }
}
