import type { LogView } from "../../live/view.ts";

/** Prefect's levels, the least first. */
export const levels: readonly string[] = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];

export interface LogFilter {
  readonly level: string;
  /** What a line has to contain, in any case of letters. */
  readonly text: string;
}

/** One line on the screen: a message with line breaks takes several. */
export interface LogRow {
  readonly key: string;
  /** Null on the lines of a message after its first. */
  readonly line: LogView | null;
  readonly level: string;
  readonly text: string;
}

export function logRows(lines: readonly LogView[], { level, text }: LogFilter): LogRow[] {
  const least = rank(level);
  const wanted = text.toLowerCase();
  return lines
    .filter((line) => rank(line.level) >= least && (wanted === "" || line.message.toLowerCase().includes(wanted)))
    .flatMap((line) =>
      line.message.split("\n").map((part, at) => ({
        ...{ key: `${line.at}.${at}`, line: at === 0 ? line : null, level: line.level, text: part },
      })),
    );
}

/** A level of somebody's own is among the least: who wants to see all sees it. */
const rank = (level: string): number => Math.max(0, levels.indexOf(level));
