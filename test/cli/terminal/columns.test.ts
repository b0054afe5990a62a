import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { columns } from "../../../src/cli/terminal/columns.ts";
import type { Paint } from "../../../src/cli/terminal/paint.ts";

const paint: Paint = (_, text) => text;
const head = [
  { title: "Run", leaves: 2 },
  { title: "Name", least: 6 },
  { title: "State" },
  { title: "Message", least: 7, leaves: 1 },
];
const rows = [
  ["5f9f1c2e-0000", "amber-falcon", "Failed", "Some reference\ntasks failed."],
  ["5f9f1c2e-0001", "koala", "Success", ""],
];
const at = async (width: number | undefined) => (await columns(head, rows, { paint, width })).trimEnd().split("\n");

describe("a list in columns", () => {
  test("is whole where there is no terminal, a line a row", async () => {
    expect(await at(undefined)).toEqual([
      "RUN            NAME          STATE    MESSAGE",
      "5f9f1c2e-0000  amber-falcon  Failed   Some reference tasks failed.",
      "5f9f1c2e-0001  koala         Success",
    ]);
  });

  test.each([
    [50, "5f9f1c2e-0000  amber-falcon  Failed   Some refere…"],
    [40, "5f9f1c2e-0000  amber-…  Failed   Some r…"],
    [37, "5f9f1c2e-0000  amber-falcon  Failed"],
    [31, "5f9f1c2e-0000  amber-…  Failed"],
    [29, "amber-falc…  Failed   Some r…"],
    [20, "amber-falc…  Failed"],
  ])("on a terminal of %i columns is cut, or leaves out what matters least", async (width, row) => {
    expect((await at(width))[1]).toBe(row);
  });

  test("never wraps where its narrowest form has room", async () => {
    const texts = fc.array(fc.array(fc.string({ maxLength: 60 }), { minLength: 4, maxLength: 4 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 8, max: 200 }), async (cells, width) => {
        const cuttable = head.map(({ title, leaves = 0 }) => ({ title, least: title.length, leaves }));
        const shown = await columns([{ title: "Name", least: 4 }, ...cuttable.slice(1)], cells, { paint, width });
        expect(shown.trimEnd().split("\n").length).toBeLessThanOrEqual(cells.length + 1);
        for (const line of shown.split("\n")) expect([...line].length).toBeLessThanOrEqual(width);
      }),
    );
  });
});
