import type { Exchange } from "../file/exchange.ts";
import { type AskedField, fieldsOf } from "./asked-field.ts";
import { type Element, elementsOf } from "./element.ts";
import { outcomesOf } from "./outcome.ts";
import { type Moment, Track } from "./track.ts";

/** Where an element's next answer is. */
export interface Found {
  readonly track: Track;
  readonly moment: Moment;
}

/** The elements of a recording by their keys, and the point in it that has been reached: the furthest change played. */
export class Tracks {
  readonly #byKey = new Map<string, Track>();
  #reached = 0;

  constructor(exchanges: readonly Exchange[]) {
    let after = 0;
    for (const { request, response } of exchanges) {
      const fields = pairs(request.body, response.body).flatMap(([operation, body]) =>
        fieldsOf(operation).map((field) => this.#keep(field, { ...response, body }, after)),
      );
      if (fields.includes("change")) after += 1;
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
  find({ key }: Element): Found | null {
    const track = this.#byKey.get(key);
    const moment = track?.next(this.#reached) ?? null;
    return track === undefined || moment === null ? null : { track, moment };
  }

  take(found: readonly Found[]): void {
    const reached = this.#reached;
    for (const { track, moment } of found) {
      track.take(reached);
      if (track.changes) this.#reached = Math.max(this.#reached, moment.after + 1);
    }
  }

  #keep(field: AskedField, response: Exchange["response"], after: number): "change" | "question" {
    const { form } = elementsOf(field);
    for (const [element, outcome] of outcomesOf(field, response)) {
      const track = this.#byKey.get(element.key) ?? new Track(element, field.changes, form === "states");
      this.#byKey.set(element.key, track);
      track.add({ outcome, after });
    }
    return field.changes && form !== "noted" ? "change" : "question";
  }
}

/** Several operations may come in one body, and are answered by a list. */
function pairs(request: unknown, response: unknown): (readonly [unknown, unknown])[] {
  if (!Array.isArray(request)) return [[request, response]];
  return request.map((operation, at) => [operation, Array.isArray(response) ? response[at] : response] as const);
}
