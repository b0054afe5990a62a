import { beforeEach, describe, expect, it } from "vitest";
import type { Api, FlowRunInfo, HeldFlowState } from "../../src/cloud/index.ts";
import { FlowRunnerError } from "../../src/errors/index.ts";
import { type Claim, claimRun } from "../../src/run/execute/takeover.ts";
import { makeState, pending, running, type State, success } from "../../src/state/index.ts";
import { ManualClock } from "../cloud/manual-clock.ts";

const minute = 60_000;
const second = 1_000;

/** A flow run as an API with version locks holds it. */
class HeldRun {
  state: State = running("Running flow.");
  version = 3;
  heartbeat: number | null;
  /** The states that were set, and by whom. */
  readonly set: string[] = [];
  /** Called before a state is stored. */
  before: () => void = () => undefined;
  isAway = false;

  constructor(heartbeat: number | null) {
    this.heartbeat = heartbeat;
  }

  put(state: State): void {
    this.state = state;
    this.version += 1;
  }

  get held(): HeldFlowState {
    return { state: this.state, version: this.version, heartbeat: this.heartbeat };
  }

  get info(): FlowRunInfo {
    const flow = { id: "f", name: "weather", project: null, storage: {}, environment: {}, runConfig: {}, settings: {} };
    return {
      id: "run",
      name: "run",
      parameters: {},
      context: {},
      scheduledStartTime: null,
      taskRuns: [],
      unreadable: [],
      flow,
      ...this.held,
    };
  }

  readonly api: Pick<Api, "flowRunInfo" | "flowRunState" | "submit"> = {
    flowRunInfo: async () => this.info,
    flowRunState: async () => {
      if (this.isAway)
        throw new FlowRunnerError("API_UNREACHABLE", { url: "http://api", problem: "gone", seconds: 600 });
      return this.held;
    },
    submit: async ({ flowStates }) => {
      this.before();
      return {
        creations: [],
        taskStates: [],
        flowStates: flowStates.map(({ state, version }) => {
          if (this.isAway) return { status: "undelivered", reason: "gone" };
          if (version !== this.version)
            return { status: "refused", reason: "VERSION_LOCKING_ERROR", current: this.state };
          this.put(state);
          this.set.push(`${state.type} by ${state.context.runner_id}`);
          return { status: "accepted" };
        }),
      };
    },
  };
}

let clock: ManualClock;
let stop: AbortController;
let log: string[];

beforeEach(() => {
  clock = new ManualClock();
  stop = new AbortController();
  log = [];
});

const heldSince = (age: number): HeldRun => new HeldRun(clock.now() - age);

function claim(run: HeldRun, runnerId = "me"): Promise<Claim> {
  const { api, info } = run;
  const { signal } = stop;
  return claimRun({ api, info, runnerId, clock, takeoverAfter: minute, signal, log: (message) => log.push(message) });
}

/** Lets so much time pass, and what is asked at its end be answered. */
async function pass(milliseconds: number): Promise<void> {
  clock.advance(milliseconds);
  await new Promise(setImmediate);
}

/** Whether it has been decided, without waiting for it. */
const decided = (claimed: Promise<Claim>): Promise<boolean> =>
  Promise.race([claimed.then(() => true), new Promise<boolean>((resolve) => setImmediate(() => resolve(false)))]);

describe("a flow run that nobody runs", () => {
  it.each([pending(), makeState("Scheduled"), makeState("Submitted", null, { wrapped: makeState("Scheduled") })])(
    "is ours at once ($type)",
    async (state) => {
      const run = heldSince(0);
      run.put(state);
      expect(await claim(run)).toEqual({ kind: "ours", info: run.info });
      expect([run.set, log]).toEqual([[], []]);
    },
  );
});

describe("a flow run that is Running", () => {
  it("is somebody else's when its heartbeat is renewed", async () => {
    const run = heldSince(20 * second);
    const claimed = claim(run);
    expect(await decided(claimed)).toBe(false);
    expect(log).toEqual(["The run is Running already. Waiting up to 40 s for a heartbeat of its container."]);
    await pass(10 * second);
    expect(await decided(claimed)).toBe(false);
    run.heartbeat = clock.now();
    await pass(5 * second);
    expect(await claimed).toMatchObject({ kind: "left", message: expect.stringContaining("heartbeat was renewed") });
    expect(run.set).toEqual([]);
  });

  it("is taken over when none comes for long enough, and not a moment before", async () => {
    const run = heldSince(20 * second);
    const claimed = claim(run);
    for (let passed = 0; passed < 35; passed += 5) await pass(5 * second);
    await pass(5 * second - 1);
    expect(await decided(claimed)).toBe(false);
    expect(run.set).toEqual([]);
    await pass(1);
    expect(await claimed).toEqual({ kind: "ours", info: run.info });
    expect(run.set).toEqual(["Running by me"]);
    expect(log.at(-1)).toMatch(/taking the run over/);
  });

  it("is taken over at once when its last heartbeat is old", async () => {
    const run = heldSince(minute);
    expect(await claim(run)).toMatchObject({ kind: "ours", info: { version: 4 } });
    expect(run.set).toEqual(["Running by me"]);
    expect(log).toEqual(["The container that ran this flow run is gone; taking the run over."]);
  });

  it("without any heartbeat gets the whole time from now", async () => {
    const run = new HeldRun(null);
    const claimed = claim(run);
    await pass(minute - 1);
    expect(await decided(claimed)).toBe(false);
    await pass(1);
    expect((await claimed).kind).toBe("ours");
  });

  it("without any heartbeat is somebody else's when one comes", async () => {
    const run = new HeldRun(null);
    const claimed = claim(run);
    run.heartbeat = clock.now();
    await pass(5 * second);
    expect((await claimed).kind).toBe("left");
  });

  it.each([success("All reference tasks succeeded."), makeState("Scheduled", "Rescheduled by a Lazarus process.")])(
    "is left when it becomes $type meanwhile",
    async (state) => {
      const run = heldSince(0);
      const claimed = claim(run);
      run.put(state);
      await pass(5 * second);
      expect(await claimed).toEqual({ kind: "left", state, message: `The flow run has become ${state.type}.` });
      expect(run.set).toEqual([]);
    },
  );

  it("is left when the runner is stopped while it waits", async () => {
    const run = heldSince(0);
    const claimed = claim(run);
    stop.abort("SIGTERM");
    expect(await claimed).toMatchObject({ kind: "left", message: expect.stringContaining("was stopped") });
    clock.advance(2 * minute);
    expect(run.set).toEqual([]);
  });

  it("is one container's when two have waited for it", async () => {
    const run = heldSince(30 * second);
    const both = [claim(run, "a"), claim(run, "b")];
    for (let passed = 0; passed < 30; passed += 5) await pass(5 * second);
    const kinds = (await Promise.all(both)).map(({ kind }) => kind);
    expect(kinds.toSorted()).toEqual(["left", "ours"]);
    expect(run.set).toHaveLength(1);
  });

  it("is left when another container takes it over while this one waits", async () => {
    const run = heldSince(0);
    const claimed = claim(run);
    run.put(running("Running flow: taken over."));
    await pass(5 * second);
    expect(await claimed).toMatchObject({ kind: "left", message: expect.stringContaining("has taken") });
  });

  it("cannot be taken over while the API is out of reach, which is an error", async () => {
    const run = heldSince(minute);
    run.isAway = true;
    await expect(claim(run)).rejects.toMatchObject({ code: "API_UNREACHABLE" });
  });
});

describe("a flow run that is Cancelling", () => {
  const cancelling = makeState("Cancelling", "Flow run is cancelling");

  it("is taken as it is when its container is gone: nothing of it is run any more", async () => {
    const run = heldSince(minute);
    run.put(cancelling);
    expect(await claim(run)).toMatchObject({ kind: "ours", info: { state: cancelling } });
    expect(run.set).toEqual([]);
  });

  it("and was cancelled while we waited: an API that takes this for a sign of life is waited for once more", async () => {
    const run = heldSince(50 * second);
    const claimed = claim(run);
    run.put(cancelling);
    run.heartbeat = clock.now();
    await pass(10 * second);
    expect(await decided(claimed)).toBe(false);
    for (let passed = 0; passed < 60; passed += 5) await pass(5 * second);
    expect(await claimed).toMatchObject({ kind: "ours", info: { state: cancelling } });
    expect(run.set).toEqual([]);
  });

  it("and was cancelled in the moment in which it was taken over", async () => {
    const run = heldSince(minute);
    run.before = () => {
      run.put(cancelling);
      run.before = () => undefined;
    };
    expect(await claim(run)).toMatchObject({ kind: "ours", info: { state: cancelling } });
    expect(run.set).toEqual([]);
  });
});
