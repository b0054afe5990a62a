interface Limits<Key> {
  readonly entries: number;
  /** The sum of `weigh(key)` over all entries stays under this. */
  readonly weight?: number;
  readonly weigh?: (key: Key) => number;
}

/** A map that forgets what was used least recently, so that what is cached by text cannot fill the memory. */
export class BoundedCache<Key, Value> {
  readonly #entries = new Map<Key, Value>();
  readonly #limits: Required<Limits<Key>>;
  #weight = 0;

  constructor(limits: Limits<Key>) {
    this.#limits = { weight: Number.POSITIVE_INFINITY, weigh: () => 0, ...limits };
  }

  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, value);
    }
    return value;
  }

  /** Keeps `value`, unless the key alone is over the weight; returns it either way. */
  set(key: Key, value: Value): Value {
    const { weigh, weight, entries } = this.#limits;
    const added = weigh(key);
    if (added > weight) return value;
    this.#entries.set(key, value);
    this.#weight += added;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= entries && this.#weight <= weight) break;
      this.#entries.delete(oldest);
      this.#weight -= weigh(oldest);
    }
    return value;
  }

  clear(): void {
    this.#entries.clear();
    this.#weight = 0;
  }

  get size(): number {
    return this.#entries.size;
  }
}
