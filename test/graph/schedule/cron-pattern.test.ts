import { describe, expect, test } from "vitest";
import { readCron } from "../../../src/graph/index.ts";

describe("a cron text", () => {
  test.each([
    ["0 9 * * mon-fri", "0 0 9 * * 1,2,3,4,5 *"],
    ["*/20 22-2 1,15 JAN,dec ?", "0 0,20,40 0,1,2,22,23 1,15 1,12 * *"],
    ["0 0 L * L5", "0 0 0 L * 5#L *"],
    ["0 0 15w * 5#2", "0 0 0 15W * 5#2 *"],
    ["0 0 * * 7", "0 0 0 * * 0 *"],
    ["5/25 * * * * 30 2027", "30 5,30,55 * * * * 2027"],
    ["  @Daily ", "0 0 0 * * * *"],
    ["0 0 * jan-jan *", "0 0 0 * * * *"],
  ])("%s", (cron, pattern) => {
    expect(readCron(cron)).toEqual({ pattern });
  });

  test.each([
    ["* * * *", /4 fields, not 5/],
    ["60 * * * *", /minute 60 is not between 0 and 59/],
    ["* * 0 * *", /day 0 is not between 1 and 31/],
    ["* * * foo *", /month "foo" is not understood/],
    ["*/0 * * * *", /minute "\*\/0" is not understood/],
    ["1-2-3 * * * *", /minute "1-2-3" is not understood/],
    ["* * * * 5#6", /a month has 1 to 5 of them/],
    ["* * * * 1,5#2", /cannot be mixed/],
    ["* * LW * *", /day "lw" is not understood/],
    ["H * * * *", /minute "h" is not understood/],
    ["@reboot", /1 fields/],
    ["", /0 fields/],
  ])("%s is refused", (cron, problem) => {
    expect(readCron(cron)).toEqual({ problem: expect.stringMatching(problem) });
  });
});
