import type { Paint } from "./paint.ts";
import { clip, printable } from "./words.ts";

export type Cell = string | { readonly text: string; readonly colour: Parameters<Paint>[0] };

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

/** A list in columns without lines around them, as `docker ps` has it. On a terminal the last column gives way. */
export async function columns(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  { paint, width }: ColumnsOptions,
): Promise<string> {
  const { default: Table } = await import("cli-table3");
  const table = new Table({
    head: head.map((title) => paint("bold", title.toUpperCase())),
    chars: { ...noFrame, middle: gap },
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 0 },
  });
  const last = head.length - 1;
  const widths = head.map((title, at) =>
    Math.max(title.length, ...rows.map((row) => [...textOf(row[at] ?? "")].length)),
  );
  const before = widths.slice(0, last).reduce((sum, each) => sum + each + gap.length, 0);
  const room = width === undefined ? Number.POSITIVE_INFINITY : Math.max(10, width - before);
  for (const row of rows) {
    table.push(
      row.map((cell, at) => {
        const text = at === last ? clip(textOf(cell), room) : printable(textOf(cell));
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
