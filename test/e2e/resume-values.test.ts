import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../results/servers.ts";
import { openWorld, type RunHistory, survey, type World } from "./resume/world.ts";

const flows = fileURLToPath(new URL("./fixtures/values.ts", import.meta.url));
const atOnce = { FLOW_RUNNER__TAKEOVER_AFTER: "0" };

const labelOf = ({ task, map_index }: RunHistory["task_runs"][number]): string =>
  map_index === -1 ? task.slug : `${task.slug}[${map_index}]`;
const stateOf = (history: RunHistory, label: string) =>
  history.task_runs.find((run) => labelOf(run) === label)?.states.at(-1);

describeWith("versitygw", "the values of a run that goes on", () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world?.close());

  /** Runs until this holds, and kills the container. */
  async function killedWhen(flowRunId: string, holds: (history: RunHistory) => boolean): Promise<void> {
    const container = world.start(flowRunId, atOnce);
    await container.until(async () => holds(await world.history(flowRunId)));
    container.signal("SIGKILL");
    await container.ended;
  }

  it("are read when something needs them, and only then", async () => {
    const flowRunId = await world.createRun(await world.register(survey, "survey"), { stations: 8 });
    await world.gate(flowRunId, "closed");
    // The odd stations are through, the even ones wait behind the gate; the other branches are done.
    const done = ["correct-1[0]", "correct-1[2]", "correct-1[4]", "correct-1[6]", "total-2", "refine-1"];
    await killedWhen(flowRunId, (history) => done.every((label) => stateOf(history, label)?.state === "Success"));
    const before = await world.history(flowRunId);
    const bodiesBefore = (await world.bodies(flowRunId)).length;
    await world.gate(flowRunId, "open");
    world.s3.seen.length = 0;
    expect(await world.start(flowRunId, atOnce).ended).toMatchObject({ exitCode: 0, err: "" });

    const labels = new Map(
      before.task_runs.map((run) => [run.states.at(-1)?.serialized_state._result?.location, labelOf(run)]),
    );
    const read = world.s3.seen.flatMap((line) => {
      const key = /^GET \/results\/([^?]+)/.exec(line)?.[1];
      return key === undefined ? [] : (labels.get(decodeURIComponent(key)) ?? key);
    });
    // `list` for the stations that are left, what is summed up, and what is reported; each of them once.
    expect(read.toSorted()).toEqual(["list-1", ...done].toSorted());
    const again = (await world.bodies(flowRunId)).slice(bodiesBefore).map(({ slug }) => slug);
    expect(new Set(again)).toEqual(
      new Set([
        "measure-1",
        "correct-1",
        "total-1",
        ...Array.from({ length: 12 }, (_, at) => `step-${at + 1}`),
        "report-1",
      ]),
    );
    const { state } = await world.history(flowRunId);
    expect(state).toBe("Success");
  });

  it("of a loop are there for its next iteration, also in a host of its own", async () => {
    const flowRunId = await world.createRun(await world.register(flows, "alone"));
    await world.gate(flowRunId, "closed");
    await killedWhen(flowRunId, (history) =>
      history.task_runs.some(({ states }) => states.filter(({ state }) => state === "Running").length === 3),
    );
    await world.gate(flowRunId, "open");
    expect(await world.start(flowRunId, atOnce).ended).toMatchObject({ exitCode: 0, err: "" });
    expect((await world.history(flowRunId)).state).toBe("Success");
    const loops = (await world.bodies(flowRunId)).map(({ loop }) => loop);
    expect(loops.toSpliced(0, loops.lastIndexOf(3))).toEqual([3, 4]);
    expect(loops.filter((loop) => loop < 3)).toEqual([1, 2]);
  });

  it("that were never persisted fail the task that needs them, which never sees null", async () => {
    const flowRunId = await world.createRun(await world.register(flows, "strict"));
    await world.gate(flowRunId, "closed");
    await killedWhen(flowRunId, (history) => stateOf(history, "hold-1")?.state === "Running");
    await world.gate(flowRunId, "open");
    expect(await world.start(flowRunId, atOnce).ended).toMatchObject({ exitCode: 0 });
    const history = await world.history(flowRunId);
    expect(history.state).toBe("Failed");
    expect(stateOf(history, "use-1")).toMatchObject({
      state: "Failed",
      message: expect.stringMatching(
        /^Failed to retrieve task results: the result of make was never persisted.*onMissingResult: "rerun"/,
      ),
    });
    const ran = (await world.bodies(flowRunId)).map(({ slug }) => slug);
    expect(ran.filter((slug) => slug !== "hold-1")).toEqual(["make-1"]);
  });

  it("that were never persisted are made again where the flow says so", async () => {
    const flowRunId = await world.createRun(await world.register(flows, "lenient"));
    await world.gate(flowRunId, "closed");
    await killedWhen(flowRunId, (history) => stateOf(history, "hold-1")?.state === "Running");
    await world.gate(flowRunId, "open");
    expect(await world.start(flowRunId, atOnce).ended).toMatchObject({ exitCode: 0, err: "" });
    const history = await world.history(flowRunId);
    expect(history.state).toBe("Success");
    const ran = (await world.bodies(flowRunId)).map(({ slug }) => slug);
    expect(ran.filter((slug) => slug !== "hold-1")).toEqual(["make-1", "make-1", "use-1"]);
    const make = history.task_runs.find((run) => labelOf(run) === "make-1");
    expect(make?.states.map(({ state }) => state)).toEqual(["Pending", "Running", "Success", "Running", "Success"]);
  });
});
