/** What is known of the limits that task runs with the same tags count against. */
export class LimitPool {
  readonly names: readonly string[];
  /** Epoch milliseconds until which it is known that there are no such limits. */
  unlimitedUntil = 0;
  /** Epoch milliseconds before which it is no use to ask. */
  fullUntil = 0;
  /** One question at a time: the answer to it decides whether the next one is asked. */
  #asking: Promise<unknown> = Promise.resolve();
  readonly #waiting = new Map<string, () => void>();

  constructor(names: readonly string[]) {
    this.names = names;
  }

  inTurn<T>(ask: () => Promise<T>): Promise<T> {
    const turn = this.#asking.then(ask);
    this.#asking = turn.catch(() => undefined);
    return turn;
  }

  /** @returns resolves when it is worth to ask again before the time */
  wait(id: string): Promise<void> {
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  /** It asks again: it does not wait any more. */
  leave(id: string): void {
    this.#waiting.delete(id);
  }

  /** A slot has become free: whoever waits longest may ask. */
  wakeOne(): void {
    this.fullUntil = 0;
    const [first] = this.#waiting;
    if (first === undefined) return;
    this.#waiting.delete(first[0]);
    first[1]();
  }
}
