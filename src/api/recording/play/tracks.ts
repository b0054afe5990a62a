import type { Element } from "./element.ts";
import type { Outcome } from "./outcome.ts";
import { type Moment, Track } from "./track.ts";

/** What became of an element in an exchange, and what it is. */
export interface Kept<Value> {
  readonly element: Element;
  readonly outcome: Outcome<Value>;
  /** A `state` and a `change` are played in order, a state never more often than it was recorded; else see `Track`. */
  readonly is: "state" | "change" | "question";
}

/** Where an element's next answer is. */
export interface Found<Value> {
  readonly track: Track<Value>;
  readonly moment: Moment<Value>;
  /** See `Element`. */
  readonly owner: string | null;
}

/** The elements of a recording by their keys, and the point in it that has been reached: the furthest change played. */
export class Tracks<Value> {
  readonly #byKey = new Map<string, Track<Value>>();
  /** Who set a state then, and in whose place somebody has set it now. */
  readonly #owners = new Map<string, string>();
  #reached = 0;

  /** @param exchanges - what each of them holds, in the order of the recording */
  constructor(exchanges: Iterable<readonly Kept<Value>[]>) {
    let after = 0;
    for (const exchange of exchanges) {
      for (const { element, outcome, is } of exchange) {
        const track = this.#byKey.get(element.key) ?? new Track(element, is !== "question", is === "state");
        this.#byKey.set(element.key, track);
        track.add({ outcome, after, owner: element.owner });
      }
      if (exchange.some(({ is }) => is !== "question")) after += 1;
    }
  }

  get elements(): readonly Element[] {
    return [...this.#byKey.values()].map(({ element }) => element);
  }

  /** How often an element was asked for in the recording. */
  timesOf({ key }: Element): number {
    return this.#byKey.get(key)?.length ?? 0;
  }

  /** Null: the recording has no answer, or no further one. */
  find({ key, owner }: Pick<Element, "key" | "owner">): Found<Value> | null {
    const track = this.#byKey.get(key);
    const moment = track?.next(this.#reached) ?? null;
    return track === undefined || moment === null ? null : { track, moment, owner };
  }

  /** An answer's text with the owners of now: a process would take a state of its own for another one's. */
  withOwners(text: string): string {
    let owned = text;
    for (const [then, now] of this.#owners) owned = owned.replaceAll(then, now);
    return owned;
  }

  take(found: readonly Found<Value>[]): void {
    const reached = this.#reached;
    for (const { track, moment, owner } of found) {
      track.take(reached);
      if (moment.owner !== null && owner !== null) this.#owners.set(moment.owner, owner);
      if (track.changes) this.#reached = Math.max(this.#reached, moment.after + 1);
    }
  }
}
