import { joined, type Needles, type Stretch } from "./needles.ts";

export const mask = "***";

/** Masks a text that is complete. */
export function maskText(needles: Needles, text: string): string {
  const stretches = needles.find(text);
  return stretches.length === 0 ? text : render(text, stretches, text.length, false);
}

/**
 * Masks a text that comes in chunks, wherever they are cut: gives out exactly what masking the whole text would give.
 * What may be the beginning of a secret is held back until the next chunk decides; `end` gives the rest.
 */
export class MaskStream {
  readonly #needles: Needles;
  #held = "";
  /** So many characters at the start of `#held` belong to a secret whose mask was already given out. */
  #masked = 0;

  constructor(needles: Needles) {
    this.#needles = needles;
  }

  write(chunk: string): string {
    this.#held += chunk;
    return this.#giveOut(this.#needles.openFrom(this.#held));
  }

  end(): string {
    return this.#giveOut(this.#held.length);
  }

  #giveOut(until: number): string {
    if (until === 0) return "";
    const text = this.#held;
    const carried = this.#masked > 0 ? [{ start: 0, end: this.#masked }] : [];
    const stretches = joined([...carried, ...this.#needles.find(text)]);
    const across = stretches.find(({ start, end }) => start < until && end > until);
    this.#held = text.slice(until);
    this.#masked = across === undefined ? 0 : across.end - until;
    return render(text, stretches, until, carried.length > 0);
  }
}

/** The text until `until`, each stretch as one mask; the first one is left out when it was given out before. */
function render(text: string, stretches: readonly Stretch[], until: number, skipFirst: boolean): string {
  let output = "";
  let at = 0;
  for (const [index, { start, end }] of stretches.entries()) {
    if (start >= until) break;
    output += text.slice(at, start);
    if (!(skipFirst && index === 0)) output += mask;
    at = Math.min(end, until);
  }
  return output + text.slice(at, until);
}
