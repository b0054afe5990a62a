/**
 * Gives the tasks of one flow their slugs. Prefect 1.x: `name-tag1-tag2-N`, tags sorted, N counted from 1 for each
 * such prefix, in the order in which the tasks are added; a slug that a parameter has is passed over.
 */
export class SlugCounter {
  readonly #counts = new Map<string, number>();
  readonly #taken = new Set<string>();

  /** @param tags Sorted. */
  next(name: string, tags: readonly string[]): string {
    const prefix = [name, ...tags].join("-");
    let slug: string;
    do {
      const count = (this.#counts.get(prefix) ?? 0) + 1;
      this.#counts.set(prefix, count);
      slug = `${prefix}-${count}`;
    } while (!this.take(slug));
    return slug;
  }

  /** Takes exactly this slug; false when a task has it already. */
  take(slug: string): boolean {
    if (this.#taken.has(slug)) return false;
    this.#taken.add(slug);
    return true;
  }
}
