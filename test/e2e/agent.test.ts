import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually, isOver, openWorld, type World } from "./agent/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

/** A run whose process is killed before it has said anything. */
function dyingRun(): { readonly type: "LocalRun"; readonly env: Readonly<Record<string, string>> } {
  const program = join(world.folder, "dies.cjs");
  writeFileSync(program, "console.error('the disk is full'); process.kill(process.pid, 'SIGKILL');");
  return { type: "LocalRun", env: { NODE_OPTIONS: `--require ${program}` } };
}

describe("flow-runner agent", () => {
  it("starts each run once and all end: two agents, labels, schedules, a dead process, an API that restarts", async () => {
    const flowId = await world.register("quick");
    const both = await Promise.all(Array.from({ length: 7 }, () => world.createRun(flowId, { labels: ["eu"] })));
    const gpu = await Promise.all(Array.from({ length: 3 }, () => world.createRun(flowId, { labels: ["eu", "gpu"] })));
    const at = Date.now() + 6_000;
    const scheduled = await Promise.all(
      [0, 1].map(() => world.createRun(flowId, { labels: ["eu"], scheduledStartTime: at })),
    );
    const dying = await world.createRun(flowId, { labels: ["eu"], runConfig: dyingRun() });
    const unlabelled = await world.createRun(flowId);
    const foreign = await world.createRun(flowId, { labels: ["eu", "asia"] });

    const agents = [world.agent(["-n", "one", "-l", "eu"]), world.agent(["-n", "two", "-l", "eu", "-l", "gpu"])];
    await eventually(
      () => world.told(both[0] ?? ""),
      ({ state }) => state !== "Scheduled",
    );
    await world.restart(1_500);

    const all = [...both, ...gpu, ...scheduled];
    for (const id of all) {
      const told = await eventually(() => world.told(id), isOver);
      const [before, ...after] = told.states.map(({ state }) => state);
      expect([before, ...after]).toEqual(["Scheduled", "Submitted", "Running", "Success"]);
      expect(world.bodies(id)).toEqual(["first", "second"]);
      const startsOf = ({ logs }: typeof told) =>
        logs.filter(({ message }) => message?.startsWith("Submitted for execution: PID"));
      // The agent's own line may come after the run's end, where the API was away.
      const starts = startsOf(
        await eventually(
          () => world.told(id),
          (now) => startsOf(now).length > 0,
        ),
      );
      expect(starts).toHaveLength(1);
      if (gpu.includes(id)) expect(starts[0]?.name).toBe("two");
    }
    const told = await eventually(() => world.told(dying), isOver);
    expect(told).toMatchObject({ state: "Failed", state_message: expect.stringContaining("ended by SIGKILL before") });
    expect(told.logs.map(({ message }) => message).join("\n")).toContain("the disk is full");
    expect(world.bodies(dying)).toEqual([]);
    for (const id of [unlabelled, foreign]) expect((await world.told(id)).state).toBe("Scheduled");
    for (const agent of agents) agent.signal("SIGTERM");
    expect((await Promise.all(agents.map(({ ended }) => ended))).map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  });

  it("without labels takes the runs without", async () => {
    const flowId = await world.register("quick");
    const [plain, labelled] = [await world.createRun(flowId), await world.createRun(flowId, { labels: ["eu"] })];
    const { exitCode } = await world.agent(["--once"]).ended;
    expect(exitCode).toBe(0);
    expect([(await world.told(plain)).state, (await world.told(labelled)).state]).toEqual(["Success", "Scheduled"]);
  });

  it("speaks Prefect 0.7 where it is told to, and so do the runs that it starts", async () => {
    const id = await world.createRun(await world.register("quick"));
    const { exitCode } = await world.agent(["--once"], { FLOW_RUNNER__DIALECT: "0.7" }).ended;
    expect(exitCode).toBe(0);
    const told = await world.told(id);
    expect(told.states.map(({ state }) => state)).toEqual(["Scheduled", "Submitted", "Running", "Success"]);
    expect(world.bodies(id)).toEqual(["first", "second"]);
  });

  it("that is stopped leaves what runs running", async () => {
    const id = await world.createRun(await world.register("slow"));
    const agent = world.agent();
    await eventually(
      async () => world.bodies(id),
      (bodies) => bodies.includes("waits"),
    );
    process.kill(-agent.pid, "SIGINT");
    await eventually(
      async () => isAlive(agent.pid),
      (alive) => !alive,
    );
    expect((await world.told(id)).state).toBe("Running");
    world.openGate();
    expect(await eventually(() => world.told(id), isOver)).toMatchObject({ state: "Success" });
    expect((await agent.ended).exitCode).toBe(0);
  });

  it("starts a run again whose process was killed in the middle, and it goes on from what it had", async () => {
    const id = await world.createRun(await world.register("slow"));
    world.agent();
    await eventually(
      async () => world.bodies(id),
      (bodies) => bodies.includes("waits"),
    );
    // The agent's own line may come after the body has begun.
    const pid = await eventually(
      async () => Number(/PID (\d+)/.exec((await world.told(id)).logs.map(({ message }) => message).join("\n"))?.[1]),
      (found) => found > 0,
    );
    process.kill(-pid, "SIGKILL");
    await eventually(
      async () => world.bodies(id),
      (bodies) => bodies.length === 3,
    );
    world.openGate();
    expect(await eventually(() => world.told(id), isOver)).toMatchObject({ state: "Success" });
    expect(world.bodies(id)).toEqual(["first", "waits", "waits", "second"]);
  });

  it("an API that is not there at the start is an error, not a silence", async () => {
    const { exitCode, err } = await world.agent([], { PREFECT__CLOUD__API: "http://127.0.0.1:9" }).ended;
    expect(exitCode).toBe(4);
    expect(err).toContain("[API_UNREACHABLE]");
  });

  it("wants variables as NAME=VALUE, and does not show what it was given instead", async () => {
    const { exitCode, err } = await world.agent(["--env", "s3cret"]).ended;
    expect(exitCode).toBe(2);
    expect(err).toContain("NAME=VALUE");
    expect(err).not.toContain("s3cret");
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
