import type { Clock } from "../../src/engine/index.ts";

interface Waiter {
  readonly time: number;
  readonly wake: () => void;
}

/** Time that goes on only when it is told to. */
export class ManualClock implements Clock {
  #now = Date.UTC(2026, 0, 2, 3, 4, 5);
  #waiters: Waiter[] = [];

  now(): number {
    return this.#now;
  }

  until(time: number, signal?: AbortSignal): Promise<void> {
    if (time <= this.#now || signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const waiter: Waiter = {
        time,
        wake: () => {
          signal?.removeEventListener("abort", waiter.wake);
          this.#waiters = this.#waiters.filter((other) => other !== waiter);
          resolve();
        },
      };
      this.#waiters.push(waiter);
      signal?.addEventListener("abort", waiter.wake, { once: true });
    });
  }

  get waiting(): number {
    return this.#waiters.length;
  }

  /** Wakes whoever waits for a time within the next `milliseconds`, the earliest first. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const next = this.#waiters.filter(({ time }) => time <= end).toSorted((a, b) => a.time - b.time)[0];
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.time);
      next.wake();
    }
    this.#now = end;
  }
}

/** Time that jumps: whoever waits is there at once, and the clock says so. */
export class JumpingClock implements Clock {
  #now = Date.UTC(2026, 0, 2, 3, 4, 5);
  readonly waits: number[] = [];

  now(): number {
    return this.#now;
  }

  async until(time: number): Promise<void> {
    this.waits.push(time - this.#now);
    this.#now = Math.max(this.#now, time);
  }
}
