import { describe, expect, test } from "vitest";
import {
  createRun,
  flowForm,
  historyOf,
  openApi,
  register,
  runningRun,
  setFlowRunState,
  taskForm,
} from "./api-client.ts";

const parameters = [
  { name: "city", slug: "city", required: true, default: null },
  { name: "days", slug: "days", required: false, default: [1, 2] },
  { name: "offset", slug: "offset", required: false, default: 0 },
];

describe("create_flow_run", () => {
  test("makes a Scheduled run with a Pending task run for each task", async () => {
    const client = await openApi();
    const { flowId } = await register(client, flowForm("f", [taskForm("a-1", { cache_key: "k" }), taskForm("b-1")]));
    const { flowRunId } = await createRun(client, flowId, {
      context: { date: "2020-01-02" },
      flow_run_name: "by-hand",
    });
    const answer = await client.send(
      `query($id: uuid!) { flow_run_by_pk(id: $id) {
        name version state parameters context serialized_state
        task_runs { map_index version state cache_key serialized_state task { slug } }
      } }`,
      { id: flowRunId },
    );
    const pending = { type: "Pending", message: "Task run created" };
    expect(answer.flow_run_by_pk).toEqual({
      ...{ name: "by-hand", version: 1, state: "Scheduled", parameters: {}, context: { date: "2020-01-02" } },
      serialized_state: expect.objectContaining({ type: "Scheduled", message: "Flow run scheduled." }),
      task_runs: [
        {
          ...{ map_index: -1, version: 0, state: "Pending", cache_key: "k", serialized_state: pending },
          task: { slug: "a-1" },
        },
        {
          ...{ map_index: -1, version: 0, state: "Pending", cache_key: null, serialized_state: pending },
          task: { slug: "b-1" },
        },
      ],
    });
  });

  test("fills in defaults, and refuses a run whose required parameter is missing", async () => {
    const client = await openApi();
    const { flowId } = await register(client, flowForm("f", [], { parameters }));
    expect(await client.refusal("create_flow_run", { flow_id: flowId })).toContain(
      "Required parameters were not supplied: {'city'}",
    );
    await createRun(client, flowId, { parameters: { city: "Seattle" } });
    expect(await client.send("{ flow_run { parameters } }")).toEqual({
      flow_run: [{ parameters: { city: "Seattle", days: [1, 2] } }],
    });
  });

  test("the same idempotency key gives the same run, for one flow", async () => {
    const client = await openApi();
    const first = await register(client, flowForm("f", []));
    const second = await register(client, flowForm("g", []), first.projectId);
    const create = (flow_id: string) => client.mutate("create_flow_run", { flow_id, idempotency_key: "once" });
    const run = await create(first.flowId);
    expect(await create(first.flowId)).toEqual(run);
    expect(await create(second.flowId)).not.toEqual(run);
  });

  test("by version group, the newest version runs", async () => {
    const client = await openApi();
    const first = await register(client, flowForm("f", []));
    const second = await register(client, flowForm("f", []), first.projectId);
    const { flow } = await client.send<{ flow: { version_group_id: string }[] }>("{ flow { version_group_id } }");
    await client.mutate("create_flow_run", { version_group_id: flow[0]?.version_group_id });
    expect(await client.send("{ flow_run { flow_id } }")).toEqual({ flow_run: [{ flow_id: second.flowId }] });
  });

  test("a start time is kept in UTC, to the microsecond", async () => {
    const client = await openApi();
    const { flowId } = await register(client, flowForm("f", []));
    await createRun(client, flowId, { scheduled_start_time: "2030-05-06T07:08:09.123456+02:00" });
    const utc = "2030-05-06T05:08:09.123456+00:00";
    expect(await client.send("{ flow_run { scheduled_start_time state_start_time } }")).toEqual({
      flow_run: [{ scheduled_start_time: utc, state_start_time: utc }],
    });
  });

  test("neither flow nor group, an unknown flow, parameters that are no object", async () => {
    const client = await openApi();
    const id = crypto.randomUUID();
    expect(await client.refusal("create_flow_run", {})).toContain("A flow id or version group ID must be provided.");
    expect(await client.refusal("create_flow_run", { flow_id: id })).toContain(`Flow ${id} not found`);
    const { flowId } = await register(client, flowForm("f", []));
    expect(await client.refusal("create_flow_run", { flow_id: flowId, parameters: [1] })).toContain(
      "Invalid parameters",
    );
  });
});

describe("cancel_flow_run", () => {
  test("a Running run becomes Cancelling, and its task runs may not start any more", async () => {
    const client = await openApi();
    const { flowRunId, taskRuns } = await runningRun(client);
    const cancel = () => client.mutate("cancel_flow_run", { flow_run_id: flowRunId }, "{ state }");
    expect(await cancel()).toEqual({ state: "Cancelling" });
    const states = [{ task_run_id: taskRuns["a-1"]?.id, state: { type: "Running" } }];
    expect(await client.refusal("set_task_run_states", { states }, "{ states { id } }")).toContain(
      "is not in a running state",
    );
  });

  test("a run that has not started is Cancelled at once, its task runs with it; then nothing changes any more", async () => {
    const client = await openApi();
    const { flowRunId, taskRuns } = await runningRun(client, { running: false });
    const cancel = () => client.mutate("cancel_flow_run", { flow_run_id: flowRunId }, "{ state }");
    expect(await cancel()).toEqual({ state: "Cancelled" });
    expect(await cancel()).toEqual({ state: "Cancelled" });
    const states = await historyOf(client, "flow_run", flowRunId);
    expect(states.map(({ state }) => state)).toEqual(["Scheduled", "Cancelled"]);
    for (const { id } of Object.values(taskRuns)) {
      expect((await historyOf(client, "task_run", id)).map(({ state }) => state)).toEqual(["Pending", "Cancelled"]);
    }
  });

  test("a Cancelled flow run leaves the task runs that are finished", async () => {
    const client = await openApi();
    const { flowRunId, taskRuns } = await runningRun(client);
    const states = [{ task_run_id: taskRuns["a-1"]?.id, state: { type: "Success", message: "done" } }];
    await client.mutate("set_task_run_states", { states }, "{ states { id } }");
    await setFlowRunState(client, flowRunId, { type: "Cancelled", message: "Flow run is cancelled" });
    const { task_run } = await client.send("{ task_run { state state_message task { slug } } }");
    expect(task_run).toEqual([
      { state: "Success", state_message: "done", task: { slug: "a-1" } },
      { state: "Cancelled", state_message: "Flow run is cancelled", task: { slug: "b-1" } },
    ]);
  });
});

test("names and labels of a run can be changed, and a run deleted", async () => {
  const client = await openApi();
  const { flowRunId: flow_run_id, taskRuns } = await runningRun(client);
  await client.mutate("set_flow_run_name", { flow_run_id, name: "renamed" }, "{ success }");
  await client.mutate("set_flow_run_labels", { flow_run_id, labels: ["b", "a"] }, "{ success }");
  const task = { task_run_id: taskRuns["a-1"]?.id, name: "clean[3]" };
  expect(await client.mutate("set_task_run_name", task, "{ success }")).toEqual({ success: true });
  expect(await client.send("{ flow_run { name labels task_runs(limit: 1) { name } } }")).toEqual({
    flow_run: [{ name: "renamed", labels: ["a", "b"], task_runs: [{ name: "clean[3]" }] }],
  });
  const deleted = () => client.mutate("delete_flow_run", { flow_run_id }, "{ success }");
  expect([await deleted(), await deleted()]).toEqual([{ success: true }, { success: false }]);
  expect(await client.send("{ task_run { id } flow_run_state { id } }")).toEqual({ task_run: [], flow_run_state: [] });
});
