import { expect, test } from "vitest";
import { Interruptions } from "../../../src/cli/process/interruptions.ts";

test.for([
  ["a second Ctrl-C ends the process at once", "SIGINT", 501, "SIGINT", "leave"],
  ["what is sent to a process and then to its group is one wish", "SIGTERM", 499, "SIGTERM", "nothing"],
  ["another signal is another wish, however soon it comes", "SIGTERM", 1, "SIGINT", "leave"],
] as const)("%s", ([, first, after, second, asked]) => {
  const interruptions = new Interruptions();
  expect(interruptions.take(first, 1_000)).toBe("stop");
  expect(interruptions.take(second, 1_000 + after)).toBe(asked);
});
