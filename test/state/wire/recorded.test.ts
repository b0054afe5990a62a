import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { State } from "../../../src/state/index.ts";
import { fromWire1x, fromWire07, toWire1x, toWire07 } from "../../../src/state/wire/index.ts";

type Json = Record<string, unknown>;

const recorded = (version: string): [name: string, json: Json][] =>
  readFileSync(new URL(`./fixtures/wire-states-${version}.tsv`, import.meta.url), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t") as [string, string])
    .map(([name, json]) => [name, JSON.parse(json) as Json]);

/** Prefect adds its version at every level, and nothing reads it. Of a result it is kept, like all of it. */
function withoutVersions(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(withoutVersions);
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(
    Object.entries(json)
      .filter(([key]) => key !== "__version__")
      .map(([key, value]) => [key, key === "_result" ? value : withoutVersions(value)]),
  );
}

/** No inputs are told in either way. */
function withoutEmptyInputs(json: unknown): unknown {
  const { cached_inputs: inputs, state, ...rest } = json as { cached_inputs?: Json | null; state?: unknown };
  return {
    ...rest,
    ...(inputs == null || Object.keys(inputs).length === 0 ? {} : { cached_inputs: inputs }),
    ...(state === undefined ? {} : { state: withoutEmptyInputs(state) }),
  };
}

const comparable = (json: unknown): unknown => withoutEmptyInputs(withoutVersions(json));

describe.each([
  { version: "1.4.1", read: fromWire1x, write: toWire1x },
  { version: "0.7.0", read: fromWire07, write: toWire07 },
])("states recorded from Prefect $version", ({ version, read, write }) => {
  test("are all there", () => expect(recorded(version)).toHaveLength(28));

  test.each(recorded(version))("%s is written back as it was read, its result unchanged", (_name, json) => {
    expect(comparable(write(read(json)))).toEqual(comparable(json));
  });

  test("keep microseconds", () => {
    const state = read(byName(version, "Retrying"));
    expect(state.startTime).toBeCloseTo(Date.UTC(2020, 0, 2, 3, 4, 5, 678) + 0.901, 3);
    expect(write(state).start_time).toBe("2020-01-02T03:04:05.678901+00:00");
  });

  test("have a result of their own once they are given one", () => {
    const state: State = { ...read(byName(version, "Success custom")), result: null };
    expect(read(JSON.parse(JSON.stringify(write(state)))).result).toBeNull();
  });
});

/** What neither version's runner has written: a class of a later version, with more than a location. */
const unknown = { type: "WarehouseResult", table: "t", rows: [1, { of: "b" }], location: null, __version__: "9" };
const safe = {
  type: "SafeResult",
  value: "k",
  result_handler: { type: "S3ResultHandler", bucket: "b", region: "x", __version__: "0.7.0" },
  __version__: "0.7.0",
};
const custom = { type: "SafeResult", value: { any: ["json"] }, result_handler: { type: "my.Handler" } };
const located = { type: "WarehouseResult", location: "t/1", secret: 1 };

describe.each([
  { dialect: "1.x", read: fromWire1x, write: toWire1x },
  { dialect: "0.7", read: fromWire07, write: toWire07 },
])("in the dialect of $dialect", ({ read, write }) => {
  test.each([
    ["a class that nobody knows", unknown],
    ["a class that nobody knows, with a location", located],
    ["a handler of 0.7", safe],
    ["a value that no handler of ours gave", custom],
    ["a result of 1.x", { type: "LocalResult", dir: "/d", location: "a", more: null }],
    ["a result of 1.x without location", { type: "ConstantResult", location: null }],
    ["a result without a type", { location: "x" }],
  ])("%s goes back as it came, also wrapped", (_name, result) => {
    const state = read({ type: "Queued", _result: result, state: { type: "Success", message: "m", _result: result } });
    const written = write(state);
    expect(written._result).toEqual(result);
    expect(written.state?._result).toEqual(result);
  });

  test("unknown keys are dropped, null stands for missing", () => {
    expect(
      read({ type: "Success", color: "#fff", context: null, _result: null, run_count: null, cached_inputs: null }),
    ).toEqual({ type: "Success", message: null, result: null, context: {} });
  });

  test("a type that is not known is an error that names it, and whose state it is", () => {
    expect(() => read({ type: "Hibernating" }, "flow run fr-1")).toThrow(
      expect.objectContaining({
        code: "STATE_TYPE_UNKNOWN",
        message: expect.stringMatching(/flow run fr-1.*"Hibernating".*newer flow-runner/),
      }),
    );
    expect(() => read({ type: "Queued", state: { type: "Hibernating" } }, "flow run fr-1")).toThrow(
      expect.objectContaining({ code: "STATE_TYPE_UNKNOWN" }),
    );
  });
});

function byName(version: string, name: string): Json {
  const found = recorded(version).find((each) => each[0] === name);
  if (found === undefined) throw new Error(`no state ${name}`);
  return found[1];
}
