import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type HandlerDescription, makeState, type State, type StateType, stateTypes } from "../../src/state/index.ts";
import { fromWire1x, fromWire07, toWire1x, toWire07 } from "../../src/state/wire/index.ts";
import { prefectVenv } from "./prefect-venv.ts";

interface Case {
  readonly name: string;
  readonly state: State;
}

const start = Date.UTC(2020, 0, 2, 3, 4, 5, 678) + 0.901;
const handlers: readonly HandlerDescription[] = [
  { type: "JSONResultHandler" },
  { type: "LocalResultHandler", dir: "/tmp/results" },
  {
    type: "S3ResultHandler",
    bucket: "b",
    aws_credentials_secret: "AWS_CREDENTIALS",
    region: "eu",
    compression: "zstd",
  },
  { type: "GCSResultHandler", bucket: "b", credentials_secret: "GCP" },
  { type: "AzureResultHandler", container: "c", azure_credentials_secret: "AZ_CREDENTIALS" },
  { type: "SecretResultHandler", name: "MYSEC" },
  { type: "ConstantResultHandler" },
  { type: "CustomResultHandler", name: "Redis" },
];

/** What a state of a type can hold besides. */
const extras: Partial<Record<StateType, Partial<State>>> = {
  Scheduled: { startTime: start },
  Paused: { startTime: null },
  Resume: { startTime: start },
  Retrying: { startTime: start, runCount: 2, context: { tags: ["a"], task_run_count: 2 } },
  Queued: { startTime: start, wrapped: makeState("Pending", "inner") },
  Submitted: { wrapped: makeState("Scheduled", "inner", { startTime: start }) },
  ClientFailed: { wrapped: makeState("Running", "inner") },
  Looped: { loopCount: 3 },
  Mapped: { mapCount: 4 },
  Cached: { cachedUntil: start, hashedInputs: { x: "h" }, cachedParameters: { p: [1, "a"] } },
};

const cases: readonly Case[] = [
  ...stateTypes.map((type) => ({ name: type, state: makeState(type, `a ${type}`, extras[type]) })),
  ...handlers.map((handler) => ({
    name: `Success with ${handler.type}`,
    state: makeState("Success", "ok", {
      result: { handler, location: handler.type === "JSONResultHandler" ? "42" : "k" },
    }),
  })),
  {
    name: "Retrying in a loop",
    state: makeState("Retrying", "r", {
      startTime: start,
      runCount: 1,
      context: { _loop_count: 2 },
      result: { handler: { type: "JSONResultHandler" }, location: "5" },
    }),
  },
  { name: "Paused until a time", state: makeState("Paused", "p", { startTime: start }) },
];

const seenSchema = z.object({
  class: z.string(),
  message: z.string().nullable(),
  context: z.record(z.string(), z.unknown()),
  start: z.number().nullable(),
  run_count: z.number().nullable(),
  loop_count: z.number().nullable(),
  map_states: z.number().nullable(),
  inputs: z.array(z.string()),
  hashes: z.unknown(),
  parameters: z.unknown(),
  result: z.object({ class: z.string(), location: z.unknown() }),
  get inner() {
    return seenSchema.nullable();
  },
});
const judged = z.union([z.object({ seen: seenSchema, written: z.unknown() }), z.object({ refused: z.string() })]);
const answerSchema = z.object({ version: z.string(), states: z.array(judged) });
type Judged = z.infer<typeof judged>;

const versions = [
  {
    version: "1.4.1" as const,
    write: toWire1x,
    read: fromWire1x,
    instead: { Aborted: "Failed" } as Record<string, StateType>,
    resultClass: (type: string) =>
      ({ JSONResultHandler: "PrefectResult" })[type] ?? type.replace("ResultHandler", "Result").replace("Custom", ""),
  },
  {
    version: "0.7.0" as const,
    write: (state: State) => toWire07(state),
    read: (json: unknown) => fromWire07(json),
    instead: { Cancelled: "Aborted", Cancelling: "Running", ValidationFailed: "Failed" } as Record<string, StateType>,
    // Its own StateSchema loads what it cannot rebuild as the base class.
    resultClass: (type: string) => (/^(Secret|Constant|Custom)/.test(type) ? "ResultHandler" : type),
  },
];

describe.each(versions)("the StateSchema of Prefect $version", ({ version, write, read, instead, resultClass }) => {
  const { python, skipped } = prefectVenv(version);
  let answers: readonly Judged[] = [];

  beforeAll(() => {
    if (skipped) return;
    const script = join(import.meta.dirname, "fixtures/load_states.py");
    const input = JSON.stringify(cases.map(({ state }) => write(state)));
    const env = { PATH: process.env.PATH, HOME: "/nonexistent", PREFECT__LOGGING__LEVEL: "ERROR" };
    const { stdout, stderr, status } = spawnSync(python, [script], { input, env, encoding: "utf8", timeout: 240_000 });
    if (status !== 0) throw new Error(stderr);
    const answer = answerSchema.parse(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
    expect(answer.version).toBe(version);
    answers = answer.states;
  });

  const seen = (at: number) => {
    const answer = answers[at];
    if (answer === undefined || "refused" in answer) throw new Error(answer?.refused ?? "no answer");
    return answer;
  };

  test.skipIf(skipped).each(cases.map((each, at) => ({ ...each, at })))("loads $name", ({ state, at }) => {
    const { seen: loaded } = seen(at);
    expect(loaded.class).toBe(instead[state.type] ?? state.type);
    expect(loaded.message).toBe(state.message);
    if (state.startTime != null) expect(loaded.start).toBeCloseTo(state.startTime / 1_000, 5);
    if (state.runCount !== undefined) expect(loaded.run_count).toBe(state.runCount);
    if (state.loopCount !== undefined) expect(loaded.loop_count).toBe(state.loopCount);
    if (state.mapCount !== undefined) expect(loaded.map_states).toBe(state.mapCount);
    if (state.cachedParameters !== undefined) expect(loaded.parameters).toEqual(state.cachedParameters);
    if (state.wrapped !== undefined)
      expect(loaded.inner).toMatchObject({ class: state.wrapped.type, message: "inner" });
    if (state.result !== null && state.context._loop_count === undefined) {
      expect(loaded.result).toEqual({
        class: resultClass(state.result.handler.type),
        location: state.result.location,
      });
    }
  });

  test.skipIf(skipped).each(cases.map((each, at) => ({ ...each, at })))(
    "writes $name as we read it",
    ({ state, at }) => {
      const back = read(seen(at).written);
      const { type, message, startTime, runCount, loopCount, mapCount, wrapped, cachedParameters } = state;
      expect(back.type).toBe(instead[type] ?? type);
      expect(back).toMatchObject({
        message,
        ...(startTime === undefined ? {} : { startTime }),
        ...(runCount === undefined ? {} : { runCount }),
        ...(loopCount === undefined ? {} : { loopCount }),
        ...(mapCount === undefined ? {} : { mapCount }),
        ...(cachedParameters === undefined ? {} : { cachedParameters }),
        ...(state.hashedInputs === undefined ? {} : { hashedInputs: state.hashedInputs }),
        ...(wrapped === undefined ? {} : { wrapped: { type: wrapped.type } }),
        context: state.context,
      });
      if (state.result !== null && seen(at).seen.result.location !== null) {
        expect(back.result?.location).toBe(state.result.location);
      }
    },
  );
});
