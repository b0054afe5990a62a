/** What stands before the cursor when Tab is pressed. */
export interface Asked {
  /** The words before the one that is typed, without quotes and without the binary's name. */
  readonly before: readonly string[];
  /** The word as far as it is typed; empty after a space. */
  readonly typed: string;
  /** So many letters of the word the shell keeps, and wants the rest. */
  readonly kept: number;
  /** What makes a word, or the end of one, mean what it says where the shell puts it in as it is. */
  quoted(word: string): string;
  /** True: the word is a file that output goes to or input comes from. */
  readonly redirected: boolean;
}

/**
 * The words of a line of bash, which hands them over as they were typed: with their quotes, and broken at `=` and `:`.
 * Nothing is evaluated, neither `$(…)` nor a variable.
 *
 * @param line - from the command to the cursor
 * @param last - what bash takes for the word: the end of it, after a quote, `=` or `:`
 * @example askedByLine("flow-runner logs --task='fetch d", "fetch d").typed // "--task=fetch d"
 */
export function askedByLine(line: string, last: string): Asked {
  const { words, quote, redirected } = readLine(line);
  const typed = words.at(-1) ?? "";
  const end = quote === "" ? unquoted(last) : last;
  const kept = typed.endsWith(end) ? typed.length - end.length : 0;
  return { before: words.slice(1, -1), typed, kept, quoted: quotings[quote], redirected };
}

interface Line {
  readonly words: readonly string[];
  /** The quote that is open at the end, else empty. */
  readonly quote: "" | "'" | '"';
  readonly redirected: boolean;
}

const piece =
  /(?<space>\s+)|(?<redirection>\d*[<>]+[&|]?)|\\(?<escaped>[\s\S]?)|(?<quote>['"])|(?<plain>[^\s<>\\'"]+)/y;
const inQuote = { "'": /(?<plain>[^']+)|(?<quote>')/y, '"': /\\(?<escaped>[$`"\\])|(?<quote>")|(?<plain>\\|[^"\\]+)/y };

function readLine(line: string): Line {
  const words: string[] = [];
  let word = "";
  let quote: Line["quote"] = "";
  let within = false;
  let redirected = false;
  const end = () => {
    // A file that output goes to is no word of the command.
    if (within && !redirected) words.push(word);
    if (within) redirected = false;
    word = "";
    within = false;
  };
  for (let at = 0; at < line.length; ) {
    const pattern: RegExp = quote === "" ? piece : inQuote[quote];
    pattern.lastIndex = at;
    const found: Record<string, string | undefined> = pattern.exec(line)?.groups ?? {};
    at = pattern.lastIndex || line.length;
    if (found.space !== undefined || found.redirection !== undefined) {
      end();
      if (found.redirection !== undefined) redirected = true;
      continue;
    }
    within = true;
    word += found.plain ?? found.escaped ?? "";
    if (found.quote !== undefined) quote = quote === "" ? (found.quote as Line["quote"]) : "";
  }
  return { words: [...words, word], quote, redirected };
}

const unquoted = (word: string): string => readLine(word.replaceAll(/(?<!\\)([\s<>])/g, "\\$1")).words.at(-1) ?? "";

/** By the quote that is open, which bash closes by itself. */
const quotings: Readonly<Record<Line["quote"], (word: string) => string>> = {
  "": (word) => word.replaceAll(/[^\w@%+=:,./-]/gu, "\\$&"),
  "'": (word) => word.replaceAll("'", String.raw`'\''`),
  '"': (word) => word.replaceAll(/[$`"\\]/g, "\\$&"),
};
