import { expect, test } from "vitest";
import { failureMessage } from "../../src/engine/index.ts";
import { reportError } from "../../src/host/core/error-report.ts";

class NoSuchDay extends Error {
  override readonly name = "NoSuchDay";
}

test.each<[string, unknown, string]>([
  ["an error", new RangeError("no such day"), "RangeError: no such day"],
  ["an error of the flow's own class", new NoSuchDay("30th of February"), "NoSuchDay: 30th of February"],
  ["an error without a message", new TypeError(), "TypeError"],
  ["an error with causes", new Error("a", { cause: new Error("b", { cause: new Error("c") }) }), "Error: a: b: c"],
  ["a text", "no", "Thrown a string, not an Error: no"],
  ["a number", 7, "Thrown a number, not an Error: 7"],
  ["an object", { code: 4 }, 'Thrown an object, not an Error: {"code":4}'],
  ["nothing", undefined, "Thrown undefined, not an Error: undefined"],
])("%s has one form in every state's message", (_name, thrown, form) => {
  const report = reportError(thrown, true);
  expect(failureMessage("body", report)).toBe(`Error during execution of task: ${form}`);
  expect(failureMessage("trigger", report)).toBe(`Unexpected error while checking task trigger: ${form}`);
  expect(failureMessage("stateHandlers", report)).toBe(`Exception raised while calling state handlers: ${form}`);
});
