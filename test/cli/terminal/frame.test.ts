import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { closingTable } from "../../../src/cli/terminal/output/live/closing-table.ts";
import { drawFrame } from "../../../src/cli/terminal/output/live/frame.ts";
import { Tally } from "../../../src/cli/terminal/output/live/tally.ts";
import { noPaint } from "../../../src/cli/terminal/paint.ts";
import { clip, durationText, printable } from "../../../src/cli/terminal/words.ts";
import { type StateType, stateTypes } from "../../../src/state/index.ts";
import { run, state } from "./events.ts";

function weather(): Tally {
  const tally = new Tally(() => 0);
  tally.onFlowState(state("Running"));
  tally.onTaskState(run("days"), state("Success"));
  tally.onTaskState(run("fetch-day-1"), state("Mapped", null, { mapCount: 10_000 }));
  for (let index = 0; index < 2_500; index += 1) {
    tally.onTaskState(
      run("fetch-day-1", index),
      state(index === 3 ? "Failed" : "Success", index === 3 ? "no data" : null),
    );
  }
  tally.onTaskState(run("fetch-day-1", 2_500), state("Running"));
  return tally;
}

const width = (line: string) => [...stripVTControlCharacters(line)].length;

describe("the live frame", () => {
  test("sums ten thousand children up in one bar", () => {
    const lines = drawFrame(weather().snapshot(), { columns: 100, rows: 24 }, 3_400, noPaint);
    expect(lines[0]).toBe("3.4 s  1 Failed  1 Running  2,500 Success  7,499 Pending");
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/^ {2}fetch-day-1 {2}█{10}░{30} {2}2,500\/10,000 {2}1 failed/);
  });

  test("leaves the bar out where there is no room for it", () => {
    const lines = drawFrame(weather().snapshot(), { columns: 40, rows: 24 }, 0, noPaint);
    expect(lines[1]).toMatch(/2,500\/10,000/);
    expect(lines.join("\n")).not.toMatch(/█/);
  });

  test("never is wider or higher than the terminal", () => {
    const event = fc.record({
      slug: fc.string({ minLength: 1, maxLength: 90, unit: "grapheme-ascii" }),
      mapIndex: fc.option(fc.nat(2_000)),
      type: fc.constantFrom<StateType>(...stateTypes),
    });
    const size = fc.record({ columns: fc.integer({ min: 20, max: 200 }), rows: fc.integer({ min: 6, max: 60 }) });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 80 }), size, (events, terminal) => {
        const tally = new Tally(() => 0);
        for (const { slug, mapIndex, type } of events) tally.onTaskState(run(slug, mapIndex), state(type));
        const lines = drawFrame(tally.snapshot(), terminal, 12_345, noPaint);
        expect(lines.length).toBeLessThan(terminal.rows);
        for (const line of lines) expect(width(line)).toBeLessThanOrEqual(terminal.columns);
      }),
    );
  });
});

describe("the closing table", () => {
  const finished = () => {
    const tally = weather();
    for (let index = 2_500; index < 10_000; index += 1) tally.onTaskState(run("fetch-day-1", index), state("Success"));
    tally.onTaskState(
      run("mean-1"),
      state("TriggerFailed", 'Trigger was "all_successful" but some of the upstream tasks failed.'),
    );
    tally.onFlowState(state("Failed", "Some reference tasks failed."));
    return tally.snapshot();
  };

  test.each([30, 59, 60, 80, 200])("fits %i columns and names what failed", async (columns) => {
    const text = await closingTable(finished(), columns, noPaint);
    const table = text.split("\n").filter((line) => /[│┌└├]/.test(line) || !line.includes(":"));
    for (const line of table) expect(width(line)).toBeLessThanOrEqual(columns);
    expect(text).toContain("fetch-day-1[3]: no data");
    expect(text).toContain("Flow run is Failed");
    expect(text).toContain("Some reference tasks failed.");
    expect(text.split("\n").length).toBeLessThan(20);
  });

  test("has a line for each task with its state and duration", async () => {
    const text = await closingTable(finished(), 100, noPaint);
    expect(text).toMatch(/│ days +│ Success +│/);
    expect(text).toMatch(/│ fetch-day-1 \[10,000\] +│ 1 Failed, 9,999 Success +│/);
    expect(text).toMatch(/│ mean-1 +│ TriggerFailed +│/);
  });
});

describe("words", () => {
  test.each([
    [0, "0 ms"],
    [12.4, "12 ms"],
    [3_449, "3.4 s"],
    [59_949, "59.9 s"],
    [59_999, "1 min 00 s"],
    [125_000, "2 min 05 s"],
    [3_720_000, "1 h 02 min"],
  ])("%d ms is %s", (ms, text) => expect(durationText(ms)).toBe(text));

  test("a task's name can't move the cursor, colour the terminal or break the line", () => {
    expect(printable("a\u001b[31mred\u001b]0;title\u0007\u0008b\rc")).toBe("ared\u{fffd}b\nc");
    expect(clip("two\nlines", 20)).toBe("two lines");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(printable(text)).not.toMatch(/[^\P{Cc}\t\n]/u);
      }),
    );
  });

  test("clipping never cuts a character in two", () => {
    expect(clip("👨‍👩‍👧 family", 3)).toBe("👨‍👩‍👧 …");
  });
});
