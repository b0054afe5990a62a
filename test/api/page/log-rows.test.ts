import { expect, test } from "vitest";
import type { LogView } from "../../../src/api/live/view.ts";
import { logRows } from "../../../src/api/page/run/log-rows.ts";

const line = (at: number, level: string, message: string): LogView => ({ at, taskRun: null, time: at, level, message });
const lines = [line(1, "DEBUG", "a"), line(2, "TRACE", "b"), line(3, "ERROR", "first\nSecond")];
const shown = (level: string, text = ""): string[] => logRows(lines, { level, text }).map((row) => row.text);

test("a log shows the lines of a level and above, by what they contain; with all also those of a level of somebody's own", () => {
  expect(shown("DEBUG")).toEqual(["a", "b", "first", "Second"]);
  expect(shown("INFO")).toEqual(["first", "Second"]);
  expect(shown("DEBUG", "SECOND")).toEqual(["first", "Second"]);
});
