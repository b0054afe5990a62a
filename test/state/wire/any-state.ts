import fc from "fast-check";
import type { State, StateType } from "../../../src/state/index.ts";

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

/** States of the given types, with whatever their fields can hold, and states wrapped in them. */
export const anyState = (types: readonly StateType[]): fc.Arbitrary<State> =>
  fc.letrec<{ state: State }>((tie) => ({
    state: fc
      .record({
        type: fc.constantFrom(...types),
        message: fc.option(fc.string(), { nil: null }),
        result,
        context: fc
          .tuple(record, optional(fc.nat()))
          .map(([context, count]) => (count === undefined ? context : { ...context, _loop_count: count })),
        startTime: optional(fc.option(time, { nil: null })),
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
        cachedInputs: optional(record.filter((inputs) => Object.keys(inputs).length > 0)),
        wrapped: optional(fc.oneof({ maxDepth: 3 }, fc.constant(undefined), tie("state"))),
      })
      .map((fields) => possible(Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)))),
  })).state;

const scheduled: readonly StateType[] = ["Scheduled", "Paused", "Resume", "Retrying", "Queued"];

/** Without what no state of the type has. */
function possible(fields: object): State {
  const { startTime, ...state } = fields as State;
  return {
    ...state,
    ...(state.type === "Mapped" ? { result: null } : {}),
    // Only what is scheduled can have no start: elsewhere null and nothing are the same.
    ...(startTime === undefined || (startTime === null && !scheduled.includes(state.type)) ? {} : { startTime }),
  };
}
