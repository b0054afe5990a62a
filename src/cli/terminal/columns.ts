import type { Paint } from "./paint.ts";
import { clip } from "./words.ts";

export type Cell = string | { readonly text: string; readonly colour: Parameters<Paint>[0] };

/** A column, and what becomes of it on a terminal that is too narrow. Without a word on that it stays whole. */
export interface Column {
  readonly title: string;
  /** To how many characters its texts may be cut. */
  readonly least?: number;
  /** That it may be left out, and how soon: where there is room for one of two, the higher number stays. */
  readonly leaves?: number;
}

export interface ColumnsOptions {
  readonly paint: Paint;
  /** Of the terminal; undefined: no terminal, and nothing is cut. */
  readonly width: number | undefined;
}

const textOf = (cell: Cell): string => (typeof cell === "string" ? cell : cell.text);
/** cli-table3 draws a frame unless each piece of it is empty. */
const noFrame = Object.fromEntries(
  ["top", "bottom", "mid"]
    .flatMap((side) => [side, `${side}-mid`])
    .concat(["left", "right"].flatMap((side) => [side, `${side}-mid`, `top-${side}`, `bottom-${side}`]))
    .map((piece) => [piece, ""]),
);
const gap = "  ";

/**
 * A list in columns without lines around them, as `docker ps` has it. On a terminal a row takes one line: columns are cut
 * where they may be, and those that matter least left out where that is not enough.
 */
export async function columns(
  head: readonly Column[],
  rows: readonly (readonly Cell[])[],
  { paint, width = Number.POSITIVE_INFINITY }: ColumnsOptions,
): Promise<string> {
  const { default: Table } = await import("cli-table3");
  const shown = fitting(
    head.map((column, at) => {
      const texts = [column.title, ...rows.map((row) => textOf(row[at] ?? ""))];
      const natural = Math.max(...texts.map((text) => [...text].length));
      return { ...column, at, natural, room: Math.min(natural, column.least ?? natural) };
    }),
    width,
  );
  const table = new Table({
    head: shown.map(({ title }) => paint("bold", title.toUpperCase())),
    chars: { ...noFrame, middle: gap },
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 0 },
  });
  for (const row of rows) {
    table.push(
      shown.map(({ at, room }) => {
        const cell = row[at] ?? "";
        const text = clip(textOf(cell), room);
        return typeof cell === "string" ? text : paint(cell.colour, text);
      }),
    );
  }
  return `${table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")}\n`;
}

interface Fitted extends Column {
  readonly at: number;
  /** How many characters its longest text has. */
  readonly natural: number;
  /** How many are shown. */
  readonly room: number;
}

/** Those that there is room for; what is left over goes to those that would be cut, from the left. */
function fitting(all: readonly Fitted[], width: number): readonly Fitted[] {
  const taken = (those: readonly Fitted[]) => those.reduce((sum, { room }) => sum + room + gap.length, -gap.length);
  const optional = all.filter(({ leaves }) => leaves !== undefined);
  const shown = new Set(all.filter(({ leaves }) => leaves === undefined));
  for (const each of optional.toSorted((a, b) => Number(b.leaves) - Number(a.leaves))) {
    if (taken([...shown, each]) <= width) shown.add(each);
  }
  let left = Math.max(0, width - taken([...shown]));
  return all
    .filter((each) => shown.has(each))
    .map((each) => {
      const more = Math.min(each.natural - each.room, left);
      left -= more;
      return { ...each, room: each.room + more };
    });
}
