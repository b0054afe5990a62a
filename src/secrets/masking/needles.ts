/** A stretch of a text, `end` exclusive. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** The texts that must not appear in output, and where they do. */
export class Needles {
  readonly #all = new Set<string>();
  readonly #byFirst = new Map<string, string[]>();
  #shortest = Number.POSITIVE_INFINITY;
  #longest = 0;

  add(needle: string): void {
    // An empty one would be found everywhere, without end.
    if (needle === "" || this.#all.has(needle)) return;
    this.#all.add(needle);
    const first = needle.charAt(0);
    this.#byFirst.set(first, [...(this.#byFirst.get(first) ?? []), needle]);
    this.#shortest = Math.min(this.#shortest, needle.length);
    this.#longest = Math.max(this.#longest, needle.length);
  }

  isIn(text: string): boolean {
    if (text.length < this.#shortest) return false;
    for (const needle of this.#all) if (text.includes(needle)) return true;
    return false;
  }

  /** Every stretch that is a needle, in order; those that overlap are one. */
  find(text: string): Stretch[] {
    if (text.length < this.#shortest) return [];
    const found: Stretch[] = [];
    for (const needle of this.#all) {
      // One step at a time: a needle may overlap itself.
      for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
        found.push({ start: at, end: at + needle.length });
      }
    }
    return joined(found);
  }

  /** Where a needle may have begun that the text does not hold completely; the text's length when none may. */
  openFrom(text: string): number {
    for (let at = Math.max(0, text.length - this.#longest + 1); at < text.length; at += 1) {
      const tail = text.slice(at);
      const candidates = this.#byFirst.get(text.charAt(at)) ?? [];
      if (candidates.some((needle) => needle.length > tail.length && needle.startsWith(tail))) return at;
    }
    return text.length;
  }
}

/** Joins stretches that overlap; those that only touch stay two. */
export function joined(stretches: readonly Stretch[]): Stretch[] {
  const result: Stretch[] = [];
  for (const stretch of stretches.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1);
    if (last === undefined || stretch.start >= last.end) result.push(stretch);
    else if (stretch.end > last.end) result[result.length - 1] = { start: last.start, end: stretch.end };
  }
  return result;
}
