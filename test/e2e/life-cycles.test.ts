import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually, isOver, openWorld, type ToldRun, type World } from "./agent/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const startsOf = ({ logs }: ToldRun): number =>
  logs.filter(({ message }) => message?.startsWith("Submitted for execution: PID")).length;

/** Waits until a run is over, and its log has the agent's line for each start: the last may come after the run's end. */
const ended = (id: string, starts: number): Promise<ToldRun> =>
  eventually(
    () => world.told(id),
    (told) => isOver(told) && startsOf(told) >= starts,
  );

/** Waits until a run's process has handed it back: the task run is in that state, and nobody is alive. */
const handedBack = (id: string, slug: string, state: string, agentLog = 0): Promise<ToldRun> =>
  eventually(
    () => world.told(id),
    (told) => told.types(slug).at(-1) === state && startsOf(told) > agentLog,
  );

describe("a run that an agent has started and that was handed back", () => {
  it("for a long retry is started once more when that is due, and goes on from what it had", async () => {
    const id = await world.createRun(await world.register("patient"));
    world.agent([], { FLOW_RUNNER__WAIT_LIMIT: "1s" });
    const told = await ended(id, 2);
    expect(told.state).toBe("Success");
    expect(world.bodies(id)).toEqual(["first", "flaky 1", "flaky 2", "second"]);
    expect(startsOf(told)).toBe(2);
    expect(told.types("flaky-1")).toEqual([
      ...["Pending", "Running", "Failed", "Retrying"],
      ...["Submitted", "Running", "Success"],
    ]);
    expect(told.states.filter(({ state }) => state === "Submitted")).toHaveLength(1);
  });

  it("for a person's word goes on once that is said, and the paused body runs once", async () => {
    const id = await world.createRun(await world.register("approved"));
    world.agent();
    await handedBack(id, "release-1", "Paused");
    expect(world.bodies(id)).toEqual(["first"]);
    await world.setTaskState(id, "release-1", { type: "Resume", message: "approved by Ada" });
    const told = await ended(id, 2);
    expect(told.state).toBe("Success");
    expect(world.bodies(id)).toEqual(["first", "release", "second"]);
    expect(told.types("release-1")).toEqual(["Pending", "Paused", "Resume", "Submitted", "Running", "Success"]);
    expect(startsOf(told)).toBe(2);
  });

  it("for a pause in a body, whose beginning runs again as in Prefect", async () => {
    const id = await world.createRun(await world.register("asking"));
    world.agent();
    await handedBack(id, "asks-1", "Paused");
    await world.setTaskState(id, "asks-1", { type: "Resume", message: "looked" });
    expect((await eventually(() => world.told(id), isOver)).state).toBe("Success");
    expect(world.bodies(id)).toEqual(["first", "asks", "asks", "asks, resumed", "second"]);
  });

  it("because there was no room for it is started once more, and runs when there is", async () => {
    // The API says "in 30 seconds"; with its clock behind, that is now.
    world.setClock(-40_000);
    await world.limitFlows("eu", 0);
    const id = await world.createRun(await world.register("quick"), { labels: ["eu"] });
    world.agent(["-l", "eu"], { FLOW_RUNNER__WAIT_LIMIT: "500ms" });
    await eventually(
      () => world.told(id),
      ({ state }) => state === "Queued",
    );
    await world.limitFlows("eu", 1);
    // It takes no second Submitted within 30 seconds.
    world.setClock(-5_000);
    const told = await ended(id, 2);
    expect(told.state).toBe("Success");
    expect(world.bodies(id)).toEqual(["first", "second"]);
    expect(startsOf(told)).toBe(2);
  });

  it("and is cancelled while nobody runs it is Cancelled, by the next process", async () => {
    const id = await world.createRun(await world.register("approved"));
    const agent = world.agent();
    await handedBack(id, "release-1", "Paused");
    agent.signal("SIGTERM");
    await agent.ended;
    await world.api.cancelFlowRun(id);
    const { exitCode } = await world.execute(id);
    const told = await world.told(id);
    expect([exitCode, told.state]).toEqual([0, "Cancelled"]);
    expect(told.types("second-1").at(-1)).toBe("Cancelled");
    expect(world.bodies(id)).toEqual(["first"]);
  });
});
