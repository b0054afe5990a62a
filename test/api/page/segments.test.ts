import fc from "fast-check";
import { expect, test } from "vitest";
import { segmentsOf, segmentsText } from "../../../src/api/page/run/histories/segments.ts";
import type { StateType } from "../../../src/state/index.ts";
import { stateTypes } from "../../../src/state/index.ts";

/** States a second apart. */
const history = (...states: StateType[]) => states.map((state, at) => ({ state, time: 1_000 * at }));
const told = (...states: StateType[]) => segmentsText(segmentsOf(history(...states), 60_000));

test("a task run's time is its attempts, with what became of them, and the waits between", () => {
  expect(told("Pending", "Running", "Success")).toBe("Success after 1 s");
  expect(told("Pending", "Running", "Failed", "Retrying", "Running", "Retrying", "Running", "TimedOut")).toBe(
    "Failed after 1 s, Retrying for 1 s, Failed after 1 s, Retrying for 1 s, TimedOut after 1 s",
  );
  expect(told("Pending", "Running")).toBe("Running for 59 s");
  expect(told("Pending", "Running", "Failed", "Pending", "Running", "Success")).toBe(
    "Failed after 1 s, Pending for 1 s, Success after 1 s",
  );
});

test("an end that is none of an attempt is told too", () => {
  expect(told("Pending", "Cached")).toBe("Cached");
  expect(told("Pending", "Running", "Retrying", "Cancelled")).toBe("Failed after 1 s, Retrying for 1 s, Cancelled");
  expect(told("Pending")).toBe("");
});

test("segments follow each other in time, whatever the states", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...stateTypes), { maxLength: 12 }), (states) => {
      const segments = segmentsOf(history(...states), 12_000);
      for (const [at, { from, to }] of segments.entries()) {
        expect(from).toBeLessThanOrEqual(to);
        expect(from).toBeGreaterThanOrEqual(segments[at - 1]?.to ?? 0);
      }
    }),
  );
});
