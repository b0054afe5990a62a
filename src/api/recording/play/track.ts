import type { Element } from "./element.ts";
import { isOvercome, type Outcome } from "./outcome.ts";

/** An outcome and where in the conversation it was. */
export interface Moment<Value> {
  readonly outcome: Outcome<Value>;
  /** How many exchanges before it have changed something. */
  readonly after: number;
  /** See `Element`. */
  readonly owner: string | null;
}

/** The outcomes of one element in the order of the recording, and how many of them have been played. */
export class Track<Value> {
  readonly element: Element;
  readonly changes: boolean;
  readonly #isState: boolean;
  readonly #moments: Moment<Value>[] = [];
  #played = 0;

  /**
   * @param changes - it is a change, played in order; else a question, whose answer depends on what has been reached
   * @param isState - it is never answered more often than in the recording: another one is another run
   */
  constructor(element: Element, changes: boolean, isState: boolean) {
    this.element = element;
    this.changes = changes;
    this.#isState = isState;
  }

  get length(): number {
    return this.#moments.length;
  }

  add(moment: Moment<Value>): void {
    // How often a client had to ask again depends on how its lists were cut, and on the weather of that day.
    const overcome = isOvercome(moment.outcome) ? this.#moments.length : this.#moments.findIndex(isFailure);
    if (overcome >= 0) this.#moments.splice(overcome);
    this.#moments.push(moment);
  }

  /** The outcome that is next; null: all have been played. */
  next(reached: number): Moment<Value> | null {
    return this.#moments[this.#nextAt(reached)] ?? null;
  }

  take(reached: number): void {
    this.#played = this.#nextAt(reached) + 1;
  }

  #nextAt(reached: number): number {
    const last = this.#moments.length - 1;
    const next = this.#played;
    if (this.changes) {
      const isFailing = this.#moments[last] !== undefined && isFailure(this.#moments[last]);
      return this.#isState && !isFailing ? next : Math.min(next, last);
    }
    // Before the first question of the recording could be asked its answer is as good as any.
    const newest = this.#moments.findLast(({ after }) => after <= reached)?.after ?? -1;
    const first = Math.max(
      0,
      this.#moments.findIndex(({ after }) => after === newest),
    );
    const isReached = (this.#moments[next]?.after ?? Number.POSITIVE_INFINITY) <= reached;
    return Math.max(first, isReached ? next : next - 1);
  }
}

const isFailure = ({ outcome }: Moment<unknown>): boolean => isOvercome(outcome);
