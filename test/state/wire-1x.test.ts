import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isFailed, type State, stateTypes } from "../../src/state/index.ts";
import { fromWire1x, toWire1x } from "../../src/state/wire.ts";

const recorded = readFileSync(new URL("./fixtures/wire-states-1.4.1.tsv", import.meta.url), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => line.split("\t") as [string, string]);

/** Prefect adds its version at every level, and nothing reads it. */
function withoutVersions(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(withoutVersions);
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(
    Object.entries(json)
      .filter(([key]) => key !== "__version__")
      .map(([key, value]) => [key, withoutVersions(value)]),
  );
}

/** Values of these classes are told by a location alone; without one there is nothing to remember. */
function withoutEmptyResults(json: unknown): unknown {
  if (typeof json !== "object" || json === null) return json;
  const { _result: result, state, ...rest } = json as { _result?: { location?: unknown }; state?: unknown };
  return {
    ...rest,
    ...(state === undefined ? {} : { state: withoutEmptyResults(state) }),
    ...(result?.location == null ? {} : { _result: result }),
  };
}

describe("states recorded from Prefect 1.4.1", () => {
  test("are all there", () => expect(recorded).toHaveLength(28));

  test.each(recorded)("%s is written back as it was read", (_name, line) => {
    const json: unknown = JSON.parse(line);
    const written = toWire1x(fromWire1x(json));
    expect(withoutEmptyResults(written)).toEqual(withoutEmptyResults(withoutVersions(json)));
  });

  test("name our result handlers", () => {
    const handlers = Object.fromEntries(recorded.map(([name, line]) => [name, fromWire1x(JSON.parse(line)).result]));
    expect(handlers["Success PrefectResult"]).toEqual({ handler: { type: "JSONResultHandler" }, location: "42" });
    expect(handlers["Success Local"]?.handler).toEqual({ type: "LocalResultHandler", dir: "/data/x" });
    expect(handlers["Success S3"]).toEqual({
      handler: { type: "S3ResultHandler", bucket: "b" },
      location: "2020/1/2/uuid.prefect_result",
    });
    expect(handlers["Success GCS"]?.handler).toEqual({ type: "GCSResultHandler", bucket: "b" });
    expect(handlers["Success Secret"]).toEqual({
      handler: { type: "SecretResultHandler", secret_type: "PrefectSecret" },
      location: "MYSEC",
    });
    expect(handlers["Success custom"]?.handler).toEqual({ type: "CustomResultHandler" });
    expect(handlers["Success raw Result"]).toBeNull();
    expect(handlers.Failed).toBeNull();
  });

  test("keep microseconds", () => {
    const line = recorded.find(([name]) => name === "Retrying")?.[1] ?? "";
    const state = fromWire1x(JSON.parse(line));
    expect(state.startTime).toBeCloseTo(Date.UTC(2020, 0, 2, 3, 4, 5, 678) + 0.901, 3);
    expect(toWire1x(state).start_time).toBe("2020-01-02T03:04:05.678901+00:00");
  });
});

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

  test("0.7's SafeResult has no location that 1.x knows", () => {
    const result = { type: "SafeResult", value: "1", result_handler: { type: "JSONResultHandler" } };
    expect(fromWire1x({ type: "Success", message: "m", _result: result }).result).toBeNull();
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

const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);
const record = fc.dictionary(
  fc.string().filter((key) => key !== "__proto__" && key !== "type"),
  json,
  { maxKeys: 3 },
);
const time = fc.nat({ max: 4_102_444_800_000_000 }).map((microseconds) => microseconds / 1_000);
const handler = fc
  .tuple(
    fc.constantFrom(
      "JSONResultHandler",
      "LocalResultHandler",
      "S3ResultHandler",
      "GCSResultHandler",
      "AzureResultHandler",
      "ConstantResultHandler",
      "SecretResultHandler",
      "CustomResultHandler",
      "WarehouseHandler",
      "constructor",
    ),
    record,
    fc.option(fc.string(), { nil: undefined }),
  )
  .map(([type, options, bucket]) => ({ ...options, ...(bucket === undefined ? {} : { bucket, location: "x" }), type }));
const result = fc.option(fc.record({ handler, location: fc.string() }), { nil: null });
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const { state: anyState } = fc.letrec<{ state: State }>((tie) => ({
  state: fc
    .record({
      type: fc.constantFrom(...stateTypes.filter((type) => type !== "Aborted")),
      message: fc.option(fc.string(), { nil: null }),
      result,
      context: record,
      startTime: optional(time),
      runCount: optional(fc.nat()),
      loopCount: optional(fc.nat()),
      mapCount: optional(fc.nat()),
      cachedUntil: optional(fc.option(time, { nil: null })),
      hashedInputs: optional(
        fc.dictionary(
          fc.string().filter((key) => key !== "__proto__"),
          fc.string(),
        ),
      ),
      cachedParameters: optional(record),
      wrapped: optional(fc.oneof({ maxDepth: 3 }, fc.constant(undefined), tie("state"))),
    })
    .map((fields) => {
      const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
      return { ...given, ...(fields.type === "Mapped" ? { result: null } : {}) } as unknown as State;
    }),
}));

test("every state is read back as it was written, through JSON", () => {
  fc.assert(
    fc.property(anyState, (state) => {
      expect(fromWire1x(JSON.parse(JSON.stringify(toWire1x(state))))).toEqual(state);
    }),
  );
});
