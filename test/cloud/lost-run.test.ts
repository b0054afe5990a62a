import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startApi } from "../../src/api/index.ts";
import { openGraphqlApi } from "../../src/cloud/graphql/open-graphql-api.ts";
import { type Api, type CloudRun, type CloudRunOptions, claimFlowRun, openCloudRun } from "../../src/cloud/index.ts";
import { type Clock, systemClock, type TaskRunEntry } from "../../src/engine/index.ts";
import { failed, makeState, running, type State, success } from "../../src/state/index.ts";
import { eventually } from "../eventually.ts";
import { FakeApi } from "./fake-api.ts";
import { ManualClock } from "./manual-clock.ts";

let folder: string;
let api: Api;
let closeServer: () => Promise<void>;
const runs: CloudRun[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lost-run-"));
});
afterEach(async () => {
  await Promise.all(runs.splice(0).map((run) => run.close({ within: 0 })));
  api.close();
  await closeServer();
  rmSync(folder, { recursive: true, force: true });
});

/** A container's side of the run, with what the API holds now. */
async function container(
  id: string,
  runnerId: string,
  clock: Clock = systemClock,
  options: Partial<CloudRunOptions> = {},
): Promise<CloudRun> {
  const info = await api.flowRunInfo(id);
  const run = openCloudRun({ api, info, runnerId, keepIn: folder, clock, ...options });
  runs.push(run);
  return run;
}

const accepted = { status: "accepted" };
const start = running("Starting task run.");
const done = success("Task run succeeded.");
const refusedBy = (current: Partial<State> | null) => ({
  status: "refused",
  current: current === null ? null : expect.objectContaining(current),
});

const form = (slug: string) => ({
  ...{ slug, name: slug, type: "prefect.tasks.core.function.FunctionTask", tags: [], max_retries: 0 },
  ...{ trigger: { fn: "prefect.triggers.all_successful", kwargs: {} }, auto_generated: false },
});

describe("with an API that locks by version", () => {
  let id: string;

  beforeEach(async () => {
    const server = await startApi();
    closeServer = () => server.close();
    api = openGraphqlApi({ url: server.url, key: null, tenantId: null, env: {} });
    const { id: projectId } = await api.createProject("demo");
    const tasks = ["a-1", "b-1"].map(form);
    const serializedFlow = {
      ...{ name: "pair", type: "prefect.core.flow.Flow", parameters: [], tasks, edges: [], reference_tasks: [] },
      ...{ storage: { type: "Local", flows: {} }, run_config: { type: "UniversalRun", labels: [] }, schedule: null },
    };
    const flow = await api.registerFlow({ projectId, serializedFlow });
    id = await api.createFlowRun({ flow: { id: flow.id } });
  });

  /** The first container runs `a`; the second one has taken the run over. */
  async function takenOver(): Promise<{ first: CloudRun; a: TaskRunEntry; second: CloudRun }> {
    const first = await container(id, "first");
    const a = await first.store.taskRun("a-1");
    expect(await first.store.setFlowState(running("Running flow."))).toEqual(accepted);
    expect(await first.store.setTaskState(a, start)).toEqual(accepted);
    expect(await claimFlowRun(api, await api.flowRunInfo(id), "second")).toEqual(accepted);
    return { first, a, second: await container(id, "second") };
  }

  const heldOf = async (entry: TaskRunEntry) => (await api.taskRunStates([entry.id ?? ""])).get(entry.id ?? "");

  test("a flow run is claimed by one of those who try", async () => {
    const { first } = await takenOver();
    const info = await api.flowRunInfo(id);
    const claims = await Promise.all(["third", "fourth"].map((name) => claimFlowRun(api, info, name)));
    expect(claims.map(({ status }) => status).toSorted()).toEqual(["accepted", "refused"]);
    expect(first.lost.aborted).toBe(false);
  });

  test.each([done, failed("no")])("a late $type of the container before is refused", async (state) => {
    const { first, a, second } = await takenOver();
    const again = await second.store.taskRun("a-1");
    expect(await second.store.setTaskState(again, start)).toEqual(accepted);
    expect(await first.store.setTaskState(a, state)).toMatchObject(refusedBy({ type: "Running" }));
    expect(first.lost.aborted).toBe(true);
    expect(await second.store.setTaskState(again, done)).toEqual(accepted);
    expect((await heldOf(again))?.state.type).toBe("Success");
  });

  test("it cannot start what its successor has not come to yet", async () => {
    const { first, second } = await takenOver();
    const b = await first.store.taskRun("b-1");
    expect(await first.store.setTaskState(b, start)).toMatchObject(refusedBy({ type: "Pending" }));
    expect(await second.store.setTaskState(await second.store.taskRun("b-1"), start)).toEqual(accepted);
  });

  test("it cannot conclude the flow run", async () => {
    const { first } = await takenOver();
    expect(await first.store.setFlowState(failed("late"))).toMatchObject(refusedBy({ type: "Running" }));
    expect((await api.flowRunState(id)).state.type).toBe("Running");
  });

  test("what it has concluded before its successor came to it is a conclusion", async () => {
    const { first, a, second } = await takenOver();
    const again = await second.store.taskRun("a-1");
    expect(await first.store.setTaskState(a, done)).toEqual(accepted);
    expect(await second.store.setTaskState(again, start)).toMatchObject(refusedBy({ type: "Success" }));
  });

  test("once it knows, it says nothing more, and its heart stops", async () => {
    const { first, a } = await takenOver();
    await first.store.setFlowState(done);
    expect(first.lost.aborted).toBe(true);
    const before = await heldOf(a);
    expect(await first.store.setTaskState(a, done)).toMatchObject(refusedBy(null));
    expect(await heldOf(a)).toEqual(before);
    const { heartbeat } = await api.flowRunState(id);
    first.start();
    await first.close();
    expect((await api.flowRunState(id)).heartbeat).toBe(heartbeat);
  });

  test("a container that only looks now and then sees that the run is lost", async () => {
    const first = await container(id, "first", systemClock, { cancellationInterval: 20 });
    await first.store.setFlowState(running("Running flow."));
    first.start();
    await claimFlowRun(api, await api.flowRunInfo(id), "second");
    await eventually(() => expect(first.lost.aborted).toBe(true));
    expect(first.cancelled.aborted).toBe(false);
  });

  test("its own conclusion is no loss", async () => {
    const run = await container(id, "me", systemClock, { cancellationInterval: 5 });
    await run.store.setFlowState(running("Running flow."));
    run.start();
    await run.store.setFlowState(success("All reference tasks succeeded."));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(run.lost.aborted).toBe(false);
  });

  test("a state that a server has put between is not the end of a run that is ours", async () => {
    const run = await container(id, "me");
    const a = await run.store.taskRun("a-1");
    await run.store.setFlowState(running("Running flow."));
    await run.store.setTaskState(a, start);
    // Prefect's zombie killer, after an API that was too busy to take a heartbeat.
    const retry = makeState("Retrying", "No heartbeat detected from the remote task", { runCount: 1, startTime: 0 });
    const taskStates = [{ taskRunId: a.id ?? "", state: retry, version: null }];
    await api.submit({ flowRunId: id, creations: [], taskStates, flowStates: [] });
    expect(await run.store.setTaskState(a, done)).toEqual(accepted);
  });

  test("nor is an agent that submits a task run which is due, while we wait for it ourselves", async () => {
    const run = await container(id, "me");
    const a = await run.store.taskRun("a-1");
    await run.store.setFlowState(running("Running flow."));
    const retry = makeState("Retrying", "Retrying Task (after attempt 1 of 2)", { runCount: 1, startTime: 0 });
    for (const state of [start, failed("no"), retry]) await run.store.setTaskState(a, state);
    const submitted = makeState("Submitted", "Submitted for execution", { wrapped: retry });
    const taskStates = [{ taskRunId: a.id ?? "", state: submitted, version: null }];
    await api.submit({ flowRunId: id, creations: [], taskStates, flowStates: [] });
    expect(await run.store.setTaskState(a, start)).toEqual(accepted);
  });

  test("a cancellation does not keep a run that has just ended from saying so", async () => {
    const run = await container(id, "me");
    await run.store.setFlowState(running("Running flow."));
    await api.cancelFlowRun(id);
    expect(await run.store.setFlowState(success("All reference tasks succeeded."))).toEqual(accepted);
  });

  test("a start that is refused because the run is to be cancelled tells so at once", async () => {
    const run = await container(id, "me");
    await run.store.setFlowState(running("Running flow."));
    await api.cancelFlowRun(id);
    const b = await run.store.taskRun("b-1");
    expect(await run.store.setTaskState(b, start)).toMatchObject(refusedBy({ type: "Pending" }));
    expect(run.cancelled.aborted).toBe(true);
  });
});

describe("with an API that does not look at versions", () => {
  let fake: FakeApi;
  let clock: ManualClock;

  beforeEach(async () => {
    fake = await new FakeApi(["a-1", "b-1"]).listen();
    fake.locks = false;
    closeServer = () => fake.stop();
    clock = new ManualClock();
    api = openGraphqlApi({ url: fake.url, key: null, tenantId: null, env: {}, clock });
  });

  const takeOver = async (): Promise<void> => {
    await claimFlowRun(api, await api.flowRunInfo("fr-1"), "second");
  };

  test("a container that wakes up after a long sleep asks before it says anything", async () => {
    const first = await container("fr-1", "first", clock);
    const a = await first.store.taskRun("a-1");
    await first.store.setFlowState(running("Running flow."));
    await first.store.setTaskState(a, start);
    await takeOver();
    clock.advance(61_000);
    expect(await first.store.setTaskState(a, done)).toMatchObject(refusedBy(null));
    expect(await first.store.setFlowState(done)).toMatchObject(refusedBy(null));
    expect(fake.run("a-1").history).toEqual(["Running"]);
  });

  test("one that sleeps over the answer to a start does not begin", async () => {
    const first = await container("fr-1", "first", clock);
    const a = await first.store.taskRun("a-1");
    await first.store.setFlowState(running("Running flow."));
    fake.faultOf = ({ fields }) => {
      if (!fields.includes("set_task_run_states")) return null;
      fake.faultOf = () => null;
      // The answer is on its way while the container hangs and another one takes over.
      clock.advance(61_000);
      fake.flowRun.state = { type: "Running", message: "", context: { runner_id: "second" } };
      return null;
    };
    expect(await first.store.setTaskState(a, start)).toMatchObject(refusedBy(null));
    expect(first.lost.aborted).toBe(true);
  });

  test("one that wakes up when the run is over says nothing either", async () => {
    const first = await container("fr-1", "first", clock);
    const a = await first.store.taskRun("a-1");
    await first.store.setFlowState(running("Running flow."));
    fake.flowRun.state = { type: "Success", message: "All reference tasks succeeded." };
    clock.advance(61_000);
    expect(await first.store.setTaskState(a, done)).toMatchObject(refusedBy(null));
    expect(fake.run("a-1").history).toEqual([]);
  });

  test("a look is good for a while: states that follow each other ask nothing beside", async () => {
    const run = await container("fr-1", "me", clock);
    const a = await run.store.taskRun("a-1");
    await run.store.setFlowState(running("Running flow."));
    const before = fake.requests.length;
    for (const state of [start, failed("no"), makeState("Retrying", "r", { runCount: 1, startTime: 0 }), start, done]) {
      clock.advance(5_000);
      expect(await run.store.setTaskState(a, state)).toEqual(accepted);
    }
    expect(fake.requests.length - before).toBe(5);
  });

  test("what the loser still started is started again by the one who has the run", async () => {
    const first = await container("fr-1", "first", clock);
    await first.store.setFlowState(running("Running flow."));
    await takeOver();
    const second = await container("fr-1", "second", clock);
    const [theirs, ours] = await Promise.all([first.store.taskRun("b-1"), second.store.taskRun("b-1")]);
    // Nothing keeps it from this in the seconds before it looks.
    expect(await first.store.setTaskState(theirs, start)).toEqual(accepted);
    fake.locks = true;
    expect(await second.store.setTaskState(ours, start)).toEqual(accepted);
    expect(fake.run("b-1").history).toEqual(["Running", "Running"]);
  });
});
