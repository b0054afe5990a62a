import { type OutputMark, unfinished } from "../../protocol/output-pipe.ts";

/** Characters; a line that is longer goes on in pieces. */
const longestHeld = 1_000_000;

/** Lines that several tasks print piece by piece at the same time: each is put together again. */
export class UnfinishedLines {
  readonly #begun = new Map<string, { readonly text: string; readonly mark: OutputMark }>();

  /** The whole line; null: it goes on. */
  take(text: string, mark: OutputMark): string | null {
    const who = `${mark.stream} ${mark.taskRunId}`;
    const whole = (this.#begun.get(who)?.text ?? "") + text;
    const isEnd = !text.endsWith(unfinished);
    if (isEnd || whole.length > longestHeld) {
      this.#begun.delete(who);
      return isEnd ? whole : whole.slice(0, -1);
    }
    this.#begun.set(who, { text: whole.slice(0, -1), mark });
    return null;
  }

  /** What never came to its end. */
  end(take: (text: string, mark: OutputMark) => void): void {
    for (const { text, mark } of this.#begun.values()) take(text, mark);
    this.#begun.clear();
  }
}
