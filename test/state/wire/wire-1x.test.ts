import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isFailed, type State, stateTypes } from "../../../src/state/index.ts";
import { fromWire1x, toWire1x } from "../../../src/state/wire/index.ts";
import { anyState } from "./any-state.ts";

describe("tolerant reading", () => {
  test("a new task run has a type and a message only", () => {
    expect(fromWire1x({ type: "Pending", message: "Task run created" })).toEqual({
      type: "Pending",
      message: "Task run created",
      result: null,
      context: {},
    });
  });

  test("unknown keys are dropped, null stands for missing", () => {
    expect(
      fromWire1x({ type: "Success", color: "#fff", context: null, _result: null, run_count: null, message: null }),
    ).toEqual({ type: "Success", message: null, result: null, context: {} });
  });

  test("a result class that nobody knows is a custom handler with its location", () => {
    const state = fromWire1x({ type: "Success", _result: { type: "WarehouseResult", location: "t/1", secret: 1 } });
    expect(state.result).toEqual({
      handler: { type: "CustomResultHandler", name: "WarehouseResult" },
      location: "t/1",
    });
  });

  test("a result that 0.7 wrote is found where 0.7 put it", () => {
    const result = {
      type: "SafeResult",
      value: "2020/1/2/a.prefect_result",
      result_handler: { type: "S3ResultHandler", bucket: "b", aws_credentials_secret: "S", __version__: "0.7.0" },
      __version__: "0.7.0",
    };
    const state = fromWire1x({ type: "Success", message: "m", _result: result });
    expect(state.result).toEqual({
      handler: { type: "S3ResultHandler", bucket: "b", aws_credentials_secret: "S" },
      location: "2020/1/2/a.prefect_result",
    });
  });

  test.each([
    ["2020-01-02T03:04:05Z", Date.UTC(2020, 0, 2, 3, 4, 5)],
    ["2020-01-02T03:04:05", Date.UTC(2020, 0, 2, 3, 4, 5)],
    ["2020-01-02 03:04:05.5+0200", Date.UTC(2020, 0, 2, 1, 4, 5, 500)],
  ])("the time %s", (text, time) => {
    expect(fromWire1x({ type: "Scheduled", start_time: text }).startTime).toBe(time);
  });

  test("a paused run without start waits until it is resumed by hand", () => {
    expect(fromWire1x({ type: "Paused", start_time: null }).startTime).toBeNull();
  });
});

describe("what cannot be read", () => {
  test("a type of a later version", () => {
    expect(() => fromWire1x({ type: "Hibernating" })).toThrow(
      expect.objectContaining({ code: "STATE_TYPE_UNKNOWN", message: expect.stringContaining('"Hibernating"') }),
    );
  });

  test.each([
    ["no object", "Success"],
    ["null", null],
    ["no type", { message: "m" }],
    ["a start that is no time", { type: "Scheduled", start_time: "soon" }],
    ["a wrapped state that is none", { type: "Queued", state: { type: 3 } }],
  ])("%s", (_name, json) => {
    expect(() => fromWire1x(json)).toThrow(expect.objectContaining({ code: "STATE_MALFORMED" }));
  });

  test("wrappers without end", () => {
    let state: unknown = { type: "Pending" };
    for (let depth = 0; depth < 100; depth += 1) state = { type: "Queued", state };
    expect(() => fromWire1x(state)).toThrow(expect.objectContaining({ code: "STATE_MALFORMED" }));
  });
});

test("Aborted, which 1.x does not have, travels as a failure", () => {
  const aborted: State = { type: "Aborted", message: "m", result: null, context: {} };
  expect(isFailed(fromWire1x(toWire1x(aborted)))).toBe(true);
});

const types = stateTypes.filter((type) => type !== "Aborted");

test("every state is read back as it was written, through JSON", () => {
  fc.assert(
    fc.property(anyState(types), (state) => {
      expect(fromWire1x(JSON.parse(JSON.stringify(toWire1x(state))))).toEqual(state);
    }),
  );
});
