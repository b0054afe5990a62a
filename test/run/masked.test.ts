import { describe, expect, it } from "vitest";
import type { BodyOutcome, Host } from "../../src/engine/index.ts";
import { FlowRunnerError } from "../../src/errors/index.ts";
import type { FlowGraph } from "../../src/graph/index.ts";
import { guardedHost } from "../../src/run/secrets/guarded-host.ts";
import { maskedError, maskedObserver, maskedState, maskedStore } from "../../src/run/secrets/masked.ts";
import { createMasker } from "../../src/secrets/index.ts";
import { makeState, type State } from "../../src/state/index.ts";

const value = "hunter2-and-more";
const masker = createMasker();
masker.register("TOKEN", value);
masker.register("WORD", "JSONResultHandler");

const holds = (told: unknown): boolean => JSON.stringify(told).includes(value);

const stateWith = (text: string): State =>
  makeState("Cached", `made with ${text}`, {
    result: { handler: { type: "JSONResultHandler" }, location: JSON.stringify({ token: text }) },
    cachedParameters: { link: { urls: [text] } },
    context: { tags: ["a"], cache_key: `for ${text}`, task_run_count: 2 },
  });

describe("a state that leaves the runner", () => {
  it("holds no secret, wherever it stood", () => {
    const state = maskedState(stateWith(value), masker);
    expect(holds(state)).toBe(false);
    expect(state).toEqual(stateWith("***"));
  });

  it("holds none in the states that it wraps", () => {
    const queued = makeState("Queued", null, { wrapped: makeState("Scheduled", `by ${value}`, { startTime: 1 }) });
    expect(maskedState(queued, masker).wrapped).toMatchObject({ type: "Scheduled", message: "by ***", startTime: 1 });
  });

  it("keeps what it is, also where a secret has the letters of its words", () => {
    const words = createMasker();
    for (const word of ["Cached", "JSONResultHandler", "task_run_count"]) words.register(word, word);
    const { type, result } = maskedState(stateWith("x"), words);
    expect({ type, handler: result?.handler }).toEqual({ type: "Cached", handler: { type: "JSONResultHandler" } });
  });

  it("is the same to a store and to an observer", async () => {
    const told: unknown[] = [];
    const entry = { id: null, slug: "t-1", mapIndex: null, initialState: makeState("Pending") };
    const observer = maskedObserver(
      {
        onTaskState: (_run, state) => told.push(state),
        onFlowState: (state) => told.push(state),
        onLog: ({ message }) => told.push(message),
      },
      masker,
    );
    const accept = async (state: State) => {
      told.push(state);
      return { status: "accepted" } as const;
    };
    const store = maskedStore(
      {
        taskRun: async () => entry,
        children: () => [],
        cachedStates: async () => [stateWith(value)],
        setTaskState: (_run, state) => accept(state),
        setFlowState: accept,
      },
      masker,
    );
    observer.onTaskState?.(entry, stateWith(value));
    observer.onFlowState?.(stateWith(value));
    observer.onLog?.({ time: 0, level: "INFO", name: "n", message: `with ${value}`, taskRunId: null });
    await store.setTaskState(entry, stateWith(value));
    await store.setFlowState(stateWith(value));
    expect(told).toHaveLength(5);
    expect(holds(told)).toBe(false);
    // What comes in is what the API holds: it is not changed.
    expect(await store.cachedStates("t-1", null, 0)).toEqual([stateWith(value)]);
  });
});

describe("what ends the process", () => {
  it("holds no secret, and keeps its code", () => {
    const error = new FlowRunnerError("HOST_NOT_STARTED", { reason: `it printed ${value}` });
    const masked = maskedError(error, masker);
    expect(masked).toBeInstanceOf(FlowRunnerError);
    expect(masked).toMatchObject({ code: "HOST_NOT_STARTED", exitCode: error.exitCode });
    expect(String(masked)).toContain("it printed ***");
    expect((masked as Error).stack).not.toContain(value);
  });

  it("holds none when it is no error of ours, or no error at all", () => {
    const other = maskedError(new TypeError(`no ${value}`), masker) as TypeError;
    expect(other).toBeInstanceOf(TypeError);
    expect(other.message + other.stack).not.toContain(value);
    expect(maskedError(`text ${value}`, masker)).toBe("text ***");
    expect(maskedError(undefined, masker)).toBeUndefined();
  });
});

describe("a result that a host has stored", () => {
  const graph = {
    tasks: [
      { slug: "link", kind: "parameter" },
      { slug: "make-1", kind: "task" },
    ],
  } as unknown as FlowGraph;

  async function run(slug: string, outcome: BodyOutcome) {
    const marked: string[] = [];
    const host = {
      run: async () => outcome,
      mark: (_handle: number, _kind: string, message: string) => marked.push(message),
    } as unknown as Host;
    const told = await guardedHost(host, graph, masker).run({ slug, into: 7 } as Parameters<Host["run"]>[0]);
    return { told, marked };
  }
  const success = (type: string, location: string): BodyOutcome => ({
    kind: "success",
    stored: { handler: { type }, location },
    length: null,
    message: null,
  });

  it("is refused, by its path, when it is a parameter with a secret in it", async () => {
    const json = JSON.stringify({ urls: ["a", `postgres://u:${value}@db`] });
    const { told, marked } = await run("link", success("JSONResultHandler", json));
    expect(told).toMatchObject({
      kind: "unwritten",
      retryable: false,
      message: expect.stringMatching(/^The parameter "link" is not persisted: \$\.urls\[1\] holds the secret "TOKEN"/),
    });
    expect(holds(told)).toBe(false);
    // A reduce sees a failure there, and not the value.
    expect(marked).toEqual([expect.stringContaining('"link"')]);
  });

  it("is refused when a custom handler gives a location with a secret in it", async () => {
    const { told } = await run("make-1", success("CustomResultHandler", `redis://u:${value}@cache/7`));
    expect(told).toMatchObject({ kind: "unwritten", message: expect.stringContaining('task "make-1"') });
    expect(holds(told)).toBe(false);
  });

  it("is passed on when it holds none", async () => {
    for (const outcome of [
      success("JSONResultHandler", '{"rows":[1]}'),
      success("LocalResultHandler", "/data/rows"),
      { kind: "success", stored: null, length: 3, message: null },
      { kind: "skip", message: "nothing new" },
    ] as const) {
      expect(await run("make-1", outcome)).toEqual({ told: outcome, marked: [] });
    }
  });
});
