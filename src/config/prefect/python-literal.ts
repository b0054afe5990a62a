import { NoLiteral, numberPattern, textPattern, toNumber, unquoted } from "./python-scalars.ts";

/** A value that a Python literal can say and JavaScript can hold; tuples and sets are arrays. */
export type Literal = null | boolean | number | string | readonly Literal[] | { readonly [key: string]: Literal };

const space = /[ \t\r\n]*/y;
const word = /(?:True|False|None)\b/y;
const words: Readonly<Record<string, Literal>> = { True: true, False: false, None: null };

/**
 * Reads a Python literal as `ast.literal_eval` does: numbers, text in single or double quotes, lists, tuples, sets and
 * dicts of such, True, False, None.
 *
 * @returns undefined for what is none, and for what would lose on the way: bytes, complex numbers, integers beyond
 *   2^53, dict keys that are neither text nor numbers. The caller then has the text itself.
 * @example parsePythonLiteral("['a', 1, None]") // ["a", 1, null]
 */
export function parsePythonLiteral(source: string): Literal | undefined {
  const reader = new Reader(source.trim());
  try {
    const value = reader.value();
    return reader.atEnd() ? value : undefined;
  } catch (error) {
    if (error instanceof NoLiteral) return undefined;
    throw error;
  }
}

/** Deeper ones are nobody's setting, and would end in a stack overflow. */
const deepest = 100;

class Reader {
  readonly #source: string;
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#source = source;
  }

  atEnd(): boolean {
    this.#match(space);
    return this.#at === this.#source.length;
  }

  value(): Literal {
    this.#match(space);
    const found = this.#match(word);
    if (found !== null) return words[found] ?? null;
    const quoted = this.#match(textPattern);
    if (quoted !== null) return unquoted(quoted);
    const digits = this.#match(numberPattern);
    if (digits !== null) return toNumber(digits);
    this.#depth += 1;
    if (this.#depth > deepest) throw new NoLiteral();
    const collection = this.#collection();
    this.#depth -= 1;
    return collection;
  }

  #collection(): Literal {
    if (this.#take("[")) return this.#items("]").values;
    if (this.#take("(")) {
      const { values, comma } = this.#items(")");
      // Parentheses around one value are only parentheses.
      const [only] = values;
      return values.length === 1 && !comma && only !== undefined ? only : values;
    }
    if (!this.#take("{")) throw new NoLiteral();
    if (this.#take("}")) return {};
    const first = this.value();
    if (this.#take(":")) return this.#dict(first);
    return this.#take(",") ? [first, ...this.#items("}").values] : this.#closed("}", [first]);
  }

  #items(close: string): { values: Literal[]; comma: boolean } {
    const values: Literal[] = [];
    let comma = false;
    while (!this.#take(close)) {
      if (values.length > 0 && !comma) throw new NoLiteral();
      values.push(this.value());
      comma = this.#take(",");
    }
    return { values, comma };
  }

  #dict(firstKey: Literal): Literal {
    const entries: [string, Literal][] = [];
    let key = firstKey;
    for (;;) {
      if (typeof key !== "string" && typeof key !== "number") throw new NoLiteral();
      entries.push([String(key), this.value()]);
      const more = this.#take(",");
      if (this.#take("}")) return Object.fromEntries(entries);
      if (!more) throw new NoLiteral();
      key = this.value();
      if (!this.#take(":")) throw new NoLiteral();
    }
  }

  #closed(close: string, value: Literal): Literal {
    if (!this.#take(close)) throw new NoLiteral();
    return value;
  }

  #take(mark: string): boolean {
    this.#match(space);
    if (!this.#source.startsWith(mark, this.#at)) return false;
    this.#at += mark.length;
    return true;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source)?.[0] ?? null;
    this.#at += found?.length ?? 0;
    return found;
  }
}
