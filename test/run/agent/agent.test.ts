import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FlowRunnerError } from "../../../src/errors/index.ts";
import { Agent, type AgentOptions } from "../../../src/run/agent/agent.ts";
import type { LaunchEnd } from "../../../src/run/agent/launcher.ts";
import { PollPace } from "../../../src/run/agent/poll-pace.ts";
import { makeState, retrying, running, success } from "../../../src/state/index.ts";
import { ManualClock } from "../../cloud/manual-clock.ts";
import { until } from "../../engine/scripted-store.ts";
import { HeldRuns } from "./held-runs.ts";
import { dueTask, scheduledAt } from "./startable.ts";

const second = 1_000;
const minute = 60 * second;
const well: LaunchEnd = { exitCode: 0, signal: null, output: [] };
const killed: LaunchEnd = { exitCode: null, signal: "SIGKILL", output: ["reading …", "Killed"] };

interface Launch {
  readonly id: string;
  readonly at: number;
  end(how: LaunchEnd): void;
}

let clock: ManualClock;
let held: HeldRuns;
let stop: AbortController;
let launches: Launch[];
let log: string[];
let refusal: FlowRunnerError | null;
const agents: Promise<void>[] = [];

beforeEach(() => {
  clock = new ManualClock();
  held = new HeldRuns();
  stop = new AbortController();
  launches = [];
  log = [];
  refusal = null;
});

afterEach(async () => {
  stop.abort();
  for (const { end } of launches) end(well);
  await Promise.all(agents.splice(0));
});

function start(options: Partial<AgentOptions> = {}): { agent: Agent; ended: Promise<void>; isOver: () => boolean } {
  const agent = new Agent({
    api: held.api,
    launcher: {
      agentType: "LocalAgent",
      launch: async ({ id }) => {
        if (refusal !== null) throw refusal;
        const ended = Promise.withResolvers<LaunchEnd>();
        launches.push({ id, at: clock.now(), end: ended.resolve });
        return { description: `PID ${launches.length}`, ended: ended.promise, kill: () => undefined };
      },
    },
    name: "agent",
    clock,
    pace: new PollPace(),
    maxPolls: null,
    maxRuns: null,
    aliveFor: minute,
    signal: stop.signal,
    log: (level, message) => log.push(`${level} ${message}`),
    ...options,
  });
  let over = false;
  const ended = agent.run().finally(() => {
    over = true;
  });
  agents.push(ended);
  return { agent, ended, isOver: () => over };
}

/** Lets everything that can happen without time happen. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
}

/** So much time, in small steps. */
async function pass(milliseconds: number, step = 250): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += step) {
    clock.advance(step);
    await settle();
  }
}

const launched = (): string[] => launches.map(({ id }) => id);
const due = () => scheduledAt(clock.now() - second);

describe("polling", () => {
  it("waits longer and longer while there is nothing, and hardly at all while there is", async () => {
    const pace = new PollPace();
    expect(Array.from({ length: 8 }, () => pace.after(false))).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000,
    ]);
    expect(pace.after(true)).toBe(250);
    expect(pace.after(false)).toBe(500);
    const short = new PollPace(600);
    expect([1, 2, 3].map(() => short.after(false))).toEqual([500, 600, 600]);
  });

  it("goes on when the API is away, and says so once", async () => {
    start();
    held.isAway = true;
    await pass(40 * second);
    held.isAway = false;
    held.add("a", due());
    await pass(20 * second);
    expect(launched()).toEqual(["a"]);
    expect(log.filter((line) => line.startsWith("ERROR"))).toHaveLength(1);
    expect(log).toContain("INFO The API is there again.");
  });

  it("is done at once when somebody pokes", async () => {
    const { agent } = start();
    await pass(60 * second);
    held.add("a", due());
    const before = held.polls;
    agent.poke();
    await settle();
    expect(held.polls).toBe(before + 1);
    expect(launched()).toEqual(["a"]);
  });

  it("ends after as many polls as it was told, once what it has started has ended", async () => {
    held.add("a", due());
    const { isOver, ended } = start({ maxPolls: 1 });
    await settle();
    expect([held.polls, isOver()]).toEqual([1, false]);
    held.set("a", success("done"));
    launches[0]?.end(well);
    await ended;
    expect(held.polls).toBe(1);
  });
});

describe("a flow run", () => {
  it("is made Submitted, started, and its log says where", async () => {
    held.add("a", due());
    start();
    await settle();
    expect(launched()).toEqual(["a"]);
    expect(held.state("a")).toMatchObject({
      type: "Submitted",
      message: "Submitted for execution",
      wrapped: { type: "Scheduled" },
    });
    expect(held.logs).toMatchObject([{ level: "INFO", name: "agent", message: "Submitted for execution: PID 1" }]);
  });

  it("that is due in a moment is taken ahead of time, and started in time", async () => {
    const at = clock.now() + 6 * second;
    held.add("a", scheduledAt(at));
    start();
    await pass(5 * second);
    expect([launched(), held.types("a")]).toEqual([[], []]);
    await pass(5 * second);
    expect(launches).toMatchObject([{ id: "a", at }]);
  });

  it("is not started again while its process goes on", async () => {
    held.add("a", due());
    start();
    await settle();
    held.set("a", running("Running flow."));
    held.runs.get("a")?.history.splice(0);
    const entry = held.runs.get("a");
    if (entry) entry.run = { ...entry.run, taskRuns: [dueTask(retrying(1, 3, clock.now() - minute))] };
    await pass(2 * minute, second);
    expect(launched()).toEqual(["a"]);
    launches[0]?.end(well);
    await pass(20 * second);
    expect(launched()).toEqual(["a", "a"]);
  });

  it("is one agent's when two poll for it", async () => {
    for (const id of ["a", "b", "c"]) held.add(id, due());
    start();
    start();
    await pass(5 * second);
    expect(launched().toSorted()).toEqual(["a", "b", "c"]);
  });

  it("waits while as many go on as may", async () => {
    for (const id of ["a", "b", "c"]) held.add(id, due());
    start({ maxRuns: 2 });
    await pass(20 * second);
    expect(launched()).toEqual(["a", "b"]);
    held.set("a", success("done"));
    launches[0]?.end(well);
    await pass(second);
    expect(launched()).toEqual(["a", "b", "c"]);
  });

  it("that cannot be started is Failed, with the reason, in its log too", async () => {
    refusal = new FlowRunnerError("STORAGE_NOT_LOCAL", { flow: "weather", storage: "Docker" });
    held.add("a", due());
    start();
    await settle();
    expect(held.types("a")).toEqual(["Submitted", "Failed"]);
    expect(held.state("a").message).toContain("stored as Docker");
    expect(held.logs).toMatchObject([{ level: "ERROR", message: refusal.message }]);
  });
});

describe("a process that dies", () => {
  it("before it has said anything: the run is Failed, and its log has the last lines", async () => {
    held.add("a", due());
    start();
    await settle();
    launches[0]?.end(killed);
    await settle();
    expect(held.state("a")).toMatchObject({
      type: "Failed",
      message: expect.stringContaining("ended by SIGKILL before"),
    });
    expect(held.logs.at(-1)).toMatchObject({ level: "ERROR", message: expect.stringContaining("reading …\nKilled") });
  });

  it("before it has said anything, while somebody cancelled the run: it stays Cancelled", async () => {
    held.add("a", due());
    start();
    await settle();
    held.set("a", makeState("Cancelled"));
    launches[0]?.end(killed);
    await settle();
    expect(held.state("a").type).toBe("Cancelled");
  });

  it("in the middle of the run: it is started again, and the run that keeps dying is Failed", async () => {
    held.add("a", due());
    start();
    await settle();
    held.set("a", running("Running flow."));
    for (const nth of [0, 1, 2]) {
      launches[nth]?.end(killed);
      await settle();
    }
    expect(launched()).toEqual(["a", "a", "a", "a"]);
    expect(held.state("a").type).toBe("Running");
    launches[3]?.end(killed);
    await settle();
    expect(held.state("a")).toMatchObject({ type: "Failed", message: expect.stringContaining("4 times") });
    expect(launched()).toHaveLength(4);
  });

  it("while the API is away: its run is seen to when the API is there again", async () => {
    held.add("a", due());
    const { isOver } = start({ maxPolls: 1 });
    await settle();
    held.isAway = true;
    stop.abort();
    await pass(second);
    expect(isOver()).toBe(false);
    held.isAway = false;
    launches[0]?.end(killed);
    await until(isOver);
    expect(held.state("a").type).toBe("Failed");
  });
});

describe("an agent that is stopped", () => {
  it("leaves at once when nothing goes on", async () => {
    const { ended } = start();
    await settle();
    stop.abort();
    await ended;
  });

  it("waits until the API has heard of what it has started, and leaves that running", async () => {
    held.add("a", due());
    const { isOver } = start();
    await settle();
    stop.abort();
    await pass(second);
    expect(isOver()).toBe(false);
    held.set("a", running("Running flow."));
    await pass(second);
    expect(isOver()).toBe(true);
  });

  it("starts nothing that it was still waiting for", async () => {
    held.add("a", scheduledAt(clock.now() + 5 * second));
    const { ended } = start();
    await settle();
    stop.abort();
    await ended;
    await pass(10 * second);
    expect([launched(), held.types("a")]).toEqual([[], []]);
  });
});

describe("a task run that is due", () => {
  it("is submitted, and its flow run started once more", async () => {
    const task = dueTask(retrying(1, 3, clock.now() - minute));
    held.add("a", running("Running flow."), { heartbeat: clock.now() - 2 * minute, taskRuns: [task] });
    start();
    await pass(5 * second);
    expect(launched()).toEqual(["a"]);
    expect(held.types("a")).toEqual([]);
    expect(held.runs.get("a")?.run.taskRuns).toMatchObject([
      { state: { type: "Submitted", wrapped: { type: "Retrying", runCount: 1 } } },
    ]);
  });

  it("is one agent's too", async () => {
    const task = dueTask(retrying(1, 3, clock.now() - minute));
    held.add("a", running("Running flow."), { taskRuns: [task] });
    start();
    start();
    await pass(5 * second);
    expect(launched()).toEqual(["a"]);
  });
});
