import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isFailed, makeState, type State, type StateType, stateTypes } from "../../../src/state/index.ts";
import { fromWire07, toWire07 } from "../../../src/state/wire/index.ts";
import { anyState } from "./any-state.ts";

const recorded = new Map(
  readFileSync(new URL("./fixtures/wire-states-0.7.0.tsv", import.meta.url), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t") as [string, string]),
);
const read = (name: string): State => fromWire07(JSON.parse(recorded.get(name) ?? "null"));
const json = { type: "JSONResultHandler" };

describe("results", () => {
  test("name our handlers", () => {
    expect(read("Success JSON").result).toEqual({ handler: json, location: '{"a": [1]}' });
    expect(read("Success Local").result).toEqual({
      handler: { type: "LocalResultHandler", dir: "/data" },
      location: "/data/prefect-abc",
    });
    expect(read("Success S3").result?.handler).toEqual({
      type: "S3ResultHandler",
      bucket: "b",
      aws_credentials_secret: "AWS_CREDENTIALS",
    });
    expect(read("Success Secret").result).toEqual({
      handler: { type: "SecretResultHandler", name: "MYSEC" },
      location: "MYSEC",
    });
    expect(read("Success custom").result?.handler).toEqual({ type: "CustomResultHandler" });
    expect(read("Success unsafe result").result).toBeNull();
  });

  test("with options that Prefect's class does not have keep them beside", () => {
    const handler = { type: "S3ResultHandler", bucket: "b", aws_credentials_secret: "S", region: "eu" };
    const state = makeState("Success", "m", { result: { handler, location: "k" } });
    expect(toWire07(state)._result).toEqual({
      type: "SafeResult",
      value: "k",
      result_handler: {
        type: "S3ResultHandler",
        bucket: "b",
        aws_credentials_secret: "S",
        options: { region: "eu" },
      },
    });
  });
});

describe("a loop", () => {
  const looping = makeState("Retrying", "r", {
    result: { handler: json, location: "5" },
    context: { tags: ["a"], _loop_count: 2 },
    cachedInputs: { x: { type: "NoResultType" } },
    runCount: 1,
    startTime: 0,
  });

  test("is told among the inputs, as Prefect 0.7 does", () => {
    expect(toWire07(looping)).toMatchObject({
      context: { tags: ["a"] },
      cached_inputs: {
        x: { type: "NoResultType" },
        _loop_count: { type: "SafeResult", value: "2", result_handler: json },
        _loop_result: { type: "SafeResult", value: "5", result_handler: json },
      },
      _result: { type: "NoResultType" },
    });
  });

  test("is found there, and nothing else of it", () => {
    expect(read("Retrying")).toMatchObject({
      result: { handler: json, location: "5" },
      context: { _loop_count: 2 },
      cachedInputs: { x: { type: "SafeResult", value: "1" } },
    });
    expect(read("Retrying").cachedInputs).not.toHaveProperty("_loop_count");
    expect(read("Retrying").cachedInputs).not.toHaveProperty("_loop_result");
  });
});

test("a state that a handler of 0.7 would have dropped is kept in the context", () => {
  const cached = makeState("Cached", "c", { hashedInputs: { x: "h" }, cachedUntil: null });
  const wire = toWire07(cached);
  expect(wire).not.toHaveProperty("hashed_inputs");
  expect(wire.context).toEqual({ hashed_inputs: { x: "h" } });
});

describe("what 0.7 does not have", () => {
  test.each<[StateType, string]>([
    ["Cancelled", "Aborted"],
    ["Cancelling", "Running"],
    ["ValidationFailed", "Failed"],
  ])("%s travels as %s", (type, wire) => {
    expect(toWire07(makeState(type, "m")).type).toBe(wire);
  });

  test("a pause until it is resumed by hand is one of ten years", () => {
    const paused = makeState("Paused", "p", { startTime: null });
    const now = Date.UTC(2026, 0, 1);
    const wire = toWire07(paused, now);
    expect(wire.start_time).toBe("2035-12-30T00:00:00.000000+00:00");
    expect(fromWire07(wire, "a run", now + 1_000)).toEqual(paused);
  });

  test("a pause that ends is one that ends", () => {
    const now = Date.UTC(2026, 0, 1);
    const paused = makeState("Paused", "p", { startTime: now + 60_000 });
    expect(fromWire07(toWire07(paused, now), "a run", now)).toEqual(paused);
  });
});

test("Aborted is a failure of 0.7's own", () => {
  expect(read("Aborted").type).toBe("Aborted");
  expect(isFailed(read("Aborted"))).toBe(true);
});

const ofLater: readonly StateType[] = ["Cancelled", "Cancelling", "ValidationFailed"];
const keepInputs: readonly StateType[] = [
  ...(["Pending", "Scheduled", "Paused", "Resume", "Retrying"] as const),
  ...(["Failed", "Aborted", "TimedOut", "TriggerFailed", "Cached"] as const),
];
/** Beyond every pause that is to end. */
const now = Date.UTC(2200, 0, 1);

test("every state is read back as it was written, through JSON", () => {
  const states = anyState(stateTypes.filter((type) => !ofLater.includes(type))).map(withPossibleInputs);
  fc.assert(
    fc.property(states, (state) => {
      expect(fromWire07(JSON.parse(JSON.stringify(toWire07(state, now))), "a run", now)).toEqual(state);
    }),
  );
});

function withPossibleInputs(state: State): State {
  const { cachedInputs, wrapped, ...rest } = state;
  return {
    ...rest,
    ...(cachedInputs !== undefined && keepInputs.includes(state.type) ? { cachedInputs } : {}),
    ...(wrapped === undefined ? {} : { wrapped: withPossibleInputs(wrapped) }),
  };
}
