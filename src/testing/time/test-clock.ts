import type { Clock } from "../../engine/index.ts";

/** Node's own: a test may have put others in their place (`vi.useFakeTimers()`). */
const { setTimeout, clearTimeout, setImmediate } = globalThis;
const dateNow = Date.now;

interface Waiter {
  readonly time: number;
  /** What goes on beside a run waits for no jump: it is woken when one has passed its time. */
  readonly beside: boolean;
  readonly wake: () => void;
}

/** Turns of the event loop in which nothing may begin before time jumps. */
const quietTurns = 3;
/** setTimeout's own limit. */
const longestTimer = 2 ** 31 - 1;

/**
 * Time that goes on as the machine's does, and jumps where all that there is to do is wait: to the time that the first of
 * those who wait is waiting for. A run that is to be retried in an hour goes on at once, and the clock says that it is an
 * hour later.
 *
 * It knows what is under way by being told (`during`), and never jumps meanwhile.
 */
export class TestClock implements Clock {
  #offset: number;
  #busy = 0;
  /** Changes whenever something begins or ends. */
  #turn = 0;
  #looking = false;
  readonly #waiters = new Set<Waiter>();
  readonly #jumped: () => void;

  /**
   * @param start - epoch milliseconds; null: the machine's time
   * @param jumped - told of each jump, once those who waited have been woken
   */
  constructor(start: number | null, jumped: () => void) {
    this.#offset = start === null ? 0 : start - dateNow();
    this.#jumped = jumped;
  }

  now(): number {
    return dateNow() + this.#offset;
  }

  until(time: number, signal?: AbortSignal): Promise<void> {
    return this.#wait(time, false, signal);
  }

  /** The same time, for what goes on beside a run: to wait by it makes no time jump. */
  readonly beside: Clock = {
    now: () => this.now(),
    until: (time, signal) => this.#wait(time, true, signal),
  };

  /** Keeps time from jumping until the work is done. */
  async during<Result>(work: Promise<Result>): Promise<Result> {
    const end = this.begin();
    try {
      return await work;
    } finally {
      end();
    }
  }

  /** Keeps time from jumping until it is told that what has begun is over. */
  begin(): () => void {
    this.#busy += 1;
    this.#turn += 1;
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.#busy -= 1;
      this.#look();
    };
  }

  /** Lets so much time pass at once, whatever is under way. */
  advance(milliseconds: number): void {
    this.#jumpTo(this.now() + milliseconds);
  }

  #wait(time: number, beside: boolean, signal?: AbortSignal): Promise<void> {
    const wait = time - this.now();
    if (signal?.aborted === true || wait <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", wake);
        this.#waiters.delete(waiter);
        this.#turn += 1;
        resolve();
      };
      const timer = setTimeout(wake, Math.min(wait, longestTimer));
      const waiter: Waiter = { time, beside, wake };
      this.#waiters.add(waiter);
      signal?.addEventListener("abort", wake, { once: true });
      this.#look();
    });
  }

  /** Jumps once nothing has begun for some turns of the event loop. */
  #look(): void {
    this.#turn += 1;
    if (this.#looking || this.#busy > 0) return;
    this.#looking = true;
    let [seen, quiet] = [this.#turn, 0];
    const next = (): void => {
      if (this.#busy > 0 || this.#next() === null) {
        this.#looking = false;
        return;
      }
      quiet = seen === this.#turn ? quiet + 1 : 0;
      seen = this.#turn;
      if (quiet < quietTurns) return void setImmediate(next);
      this.#looking = false;
      this.#jumpTo(this.#next() ?? this.now());
    };
    setImmediate(next);
  }

  /** The time that the first of those waits for whom time jumps. */
  #next(): number | null {
    const times = [...this.#waiters].filter(({ beside }) => !beside).map(({ time }) => time);
    return times.length === 0 ? null : Math.min(...times);
  }

  #jumpTo(time: number): void {
    // The clocks of machines tell whole milliseconds.
    this.#offset += Math.max(0, Math.ceil(time - this.now()));
    const due = [...this.#waiters].filter((waiter) => waiter.time <= time).toSorted((a, b) => a.time - b.time);
    for (const { wake } of due) wake();
    this.#jumped();
    this.#look();
  }
}
