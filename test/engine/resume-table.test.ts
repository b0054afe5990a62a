import { describe, expect, it } from "vitest";
import { context, flow, type ResultHandler, secret, task } from "../../src/index.ts";
import {
  makeState,
  pending,
  retrying,
  running,
  type State,
  type StoredResult,
  success,
} from "../../src/state/index.ts";
import { ManualClock } from "../cloud/manual-clock.ts";
import { accepted, runEngine, ScriptedStore } from "./scripted-store.ts";

const handler: ResultHandler = {
  describe: () => ({ type: "Text" }),
  write: async (value) => JSON.stringify(value),
  read: async (location) => JSON.parse(location),
};
const stored = (location: string): StoredResult => ({ handler: { type: "Text" }, location });

interface Row {
  /** What the API holds of the task when another process goes on with its flow run. */
  readonly held: (now: number) => State;
  /** Whether its body runs, and as which attempt. */
  readonly attempt: number | null;
  /** What the API is told of it. */
  readonly told: readonly string[];
  /** What becomes of the task below it, which takes its value. */
  readonly below: readonly string[];
  readonly conclusion: "finished" | "handedBack";
  /** The process that had the run is not known to be gone. */
  readonly shared?: true;
}

const ran = (attempt: number) => ({
  attempt,
  told: ["Running", "Success"],
  below: ["Running", "Success"],
  conclusion: "finished" as const,
});
const kept = (below: readonly string[]) => ({ attempt: null, told: [], below, conclusion: "finished" as const });
const left = { attempt: null, told: [], below: [], conclusion: "handedBack" as const };

const day = 24 * 3_600_000;
const wrap = (type: "Submitted" | "Queued", wrapped: State, startTime?: number): State =>
  makeState(type, null, { wrapped, ...(startTime === undefined ? {} : { startTime }) });

/** Prefect's table of what becomes of a task run when its flow run goes on in another process; ours where we differ. */
const rows: Readonly<Record<string, Row>> = {
  // Finished: not run, and no request is made for it.
  "Success, persisted": { held: () => success("s", stored("7")), ...kept(["Running", "Success"]) },
  Failed: { held: () => makeState("Failed", "f"), ...kept(["TriggerFailed"]) },
  TimedOut: { held: () => makeState("TimedOut", "t"), ...kept(["TriggerFailed"]) },
  TriggerFailed: { held: () => makeState("TriggerFailed", "t"), ...kept(["TriggerFailed"]) },
  ValidationFailed: { held: () => makeState("ValidationFailed", "v"), ...kept(["TriggerFailed"]) },
  Cancelled: { held: () => makeState("Cancelled", "c"), ...kept(["TriggerFailed"]) },
  Skipped: { held: () => makeState("Skipped", "s"), ...kept(["Skipped"]) },
  // Cached: its result is read when something needs it, also when its time is over.
  Cached: { held: () => makeState("Cached", "c", { result: stored("7") }), ...kept(["Running", "Success"]) },
  "Cached, out of date": {
    held: (now) => makeState("Cached", "c", { result: stored("7"), cachedUntil: now - day }),
    ...kept(["Running", "Success"]),
  },
  // Still to do.
  Pending: { held: () => pending(), ...ran(1) },
  "Scheduled, due": { held: (now) => makeState("Scheduled", null, { startTime: now - 1 }), ...ran(1) },
  "Retrying, due": { held: (now) => retrying(2, 5, now - 1), ...ran(3) },
  Resume: { held: (now) => makeState("Resume", null, { startTime: now }), ...ran(1) },
  "Paused until now": { held: (now) => makeState("Paused", null, { startTime: now }), ...ran(1) },
  Submitted: { held: () => wrap("Submitted", pending()), ...ran(1) },
  "Submitted, a retry": { held: (now) => wrap("Submitted", retrying(2, 5, now - day)), ...ran(3) },
  "Queued, due": { held: (now) => wrap("Queued", retrying(1, 5, now - day), now - 1), ...ran(2) },
  // Not yet.
  "Retrying, tomorrow": { held: (now) => retrying(1, 5, now + day), ...left },
  "Scheduled, tomorrow": { held: (now) => makeState("Scheduled", null, { startTime: now + day }), ...left },
  "Paused, by 1.x": { held: () => makeState("Paused", null, { startTime: null }), ...left },
  "Paused, by 0.7": { held: (now) => makeState("Paused", null, { startTime: now + 3_650 * day }), ...left },
  // Prefect never runs it: its flow run stays Running until a zombie killer acts. Here the process that left it is gone.
  Running: { held: () => running("r"), ...ran(1) },
  "Running, second attempt": { held: () => ({ ...running("r"), context: { task_run_count: 2 } }), ...ran(2) },
  "Running, and its process may live": { held: () => running("r"), ...left, shared: true },
};

describe("a task run, when another process goes on with its flow run, that is", () => {
  it.each(Object.entries(rows))("%s", async (_, { held, attempt, told, below, conclusion, shared }) => {
    const clock = new ManualClock();
    const attempts: number[] = [];
    const values: unknown[] = [];
    const it = task("it", () => {
      attempts.push(context.taskRunCount);
      return 7;
    });
    const takes = task("takes", ({ x }: { x: number }) => void values.push(x));
    const store = new ScriptedStore(() => accepted, { "it-1": held(clock.now()) });
    const outcome = await runEngine(
      flow("resumed", () => takes({ x: it() }), { resultHandler: handler }),
      { store, clock, checkpointing: true, takeover: shared !== true, initialState: running("Running flow.") },
    );
    const types = (label: string) => store.of(label).map(({ type }) => type);
    expect(attempts).toEqual(attempt === null ? [] : [attempt]);
    expect(types("it-1")).toEqual(told);
    expect(types("takes-1")).toEqual(below);
    expect(outcome.conclusion).toBe(conclusion);
    expect(values).toEqual(below.includes("Running") ? [7] : []);
  });
});

it("a Mapped task run is not told again, and of its children those that are unfinished run", async () => {
  const clock = new ManualClock();
  const seen: number[] = [];
  const each = task("each", ({ x }: { x: number }) => {
    seen.push(x);
    return 10 * x;
  });
  const sum = task("sum", ({ xs }: { xs: readonly number[] }) => xs.reduce((a, b) => a + b, 0));
  const store = new ScriptedStore(() => accepted, {
    "each-1": makeState("Mapped", "m", { mapCount: 5 }),
    "each-1[0]": success("s", stored("10")),
    "each-1[1]": retrying(1, 3, clock.now() - 1),
    "each-1[2]": running("r"),
    "each-1[3]": makeState("Cached", "c", { result: stored("40") }),
  });
  await runEngine(
    flow("resumed", () => sum({ xs: each.map({ x: [1, 2, 3, 4, 5] }) }), { resultHandler: handler }),
    { store, clock, checkpointing: true, takeover: true, initialState: running("Running flow.") },
  );
  expect(seen.toSorted()).toEqual([2, 3, 5]);
  expect(store.of("each-1")).toEqual([]);
  expect(store.of("sum-1").at(-1)).toMatchObject({ type: "Success", result: stored("150") });
});

it("a secret is fetched again when something needs it, and not told again", async () => {
  const seen: unknown[] = [];
  const uses = task("uses", ({ token }: { token: unknown }) => void seen.push(token));
  const resumed = flow("resumed", () => uses({ token: secret("TOKEN") }));
  const slug = resumed.graph.tasks.find(({ kind }) => kind === "secret")?.slug ?? "";
  const store = new ScriptedStore(() => accepted, { [slug]: success("s") });
  await runEngine(resumed, { store, takeover: true, secret: async (name) => `value of ${name}` });
  expect(seen).toEqual(["value of TOKEN"]);
  // Prefect 1.x runs its task again, with a Running and a Success.
  expect(store.of(slug)).toEqual([]);
});
