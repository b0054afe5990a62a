import { describe, expect, test } from "vitest";
import {
  type ApiClient,
  createRun,
  flowForm,
  historyOf,
  openApi,
  post,
  register,
  runningRun,
  setFlowRunState,
  setTaskRunState,
  taskForm,
} from "./api-client.ts";

describe("logs", () => {
  test("keep their level, name, time and task run; without them they are INFO and of now", async () => {
    const client = await openApi({ now: () => Date.parse("2020-01-01T00:00:00Z") });
    const { flowRunId: flow_run_id, taskRuns } = await runningRun(client);
    const task_run_id = taskRuns["a-1"]?.id;
    const timestamp = "2020-05-06T07:08:09.123456+00:00";
    const whole = { task_run_id, timestamp, name: "prefect.a", level: "CRITICAL", message: "boom", info: { n: 1 } };
    await client.mutate("write_run_logs", { logs: [{ flow_run_id, ...whole }, { flow_run_id }] }, "{ success }");
    expect(await client.send("{ log { task_run_id timestamp name level message info } }")).toEqual({
      log: [
        whole,
        {
          ...{ task_run_id: null, timestamp: "2020-01-01T00:00:00.000000+00:00", name: null, level: "INFO" },
          ...{ message: null, info: null },
        },
      ],
    });
  });

  test.each(["flow_run_id", "task_run_id"])("an unknown %s refuses all entries of the request", async (column) => {
    const client = await openApi();
    const { flowRunId: flow_run_id } = await runningRun(client);
    const logs = [
      { flow_run_id, message: "first" },
      { flow_run_id, message: "second", [column]: crypto.randomUUID() },
    ];
    expect(await client.refusal("write_run_logs", { logs }, "{ success }")).toContain("Foreign key violation.");
    expect(await client.send("{ log { id } }")).toEqual({ log: [] });
  });

  test("a level in a variable that is none of the five refuses the document", async () => {
    const client = await openApi();
    const query = "mutation($input: write_run_logs_input!) { write_run_logs(input: $input) { success } }";
    const logs = [{ flow_run_id: crypto.randomUUID(), level: "TRACE" }];
    const { status, errors, data } = await client.ask(query, { input: { logs } });
    expect([status, errors?.[0]?.extensions.code, data]).toEqual([400, "BAD_USER_INPUT", undefined]);
  });
});

test("heartbeats are kept; one of an unknown run is a success all the same", async () => {
  let now = Date.parse("2020-01-01T00:00:00Z");
  const client = await openApi({ now: () => now });
  const { flowRunId, taskRuns } = await runningRun(client);
  now += 30_000;
  const success = { success: true };
  const beat = (kind: string, id: unknown) =>
    client.mutate(`update_${kind}_heartbeat`, { [`${kind}_id`]: id }, "{ success }");
  expect(await beat("flow_run", flowRunId)).toEqual(success);
  expect(await beat("task_run", taskRuns["a-1"]?.id)).toEqual(success);
  expect(await beat("flow_run", crypto.randomUUID())).toEqual(success);
  const heartbeat = "2020-01-01T00:00:30.000000+00:00";
  expect(await client.send("{ flow_run { heartbeat task_runs(limit: 1) { heartbeat } } }")).toEqual({
    flow_run: [{ heartbeat, task_runs: [{ heartbeat }] }],
  });
});

describe("secrets", () => {
  const read = (client: ApiClient, name: string) =>
    client.ask("query($name: String!) { secret_value(name: $name) }", { name });

  test.each([["text"], [42], [{ ACCESS_KEY: "a", SECRET_ACCESS_KEY: "b" }], [["x", null]], [""], [null]])(
    "%j is given back as it was set",
    async (value) => {
      const client = await openApi();
      await client.mutate("set_secret", { name: "A", value: "earlier" }, "{ success }");
      expect(await client.ask("{ secret_names }")).toMatchObject({ data: { secret_names: ["A"] } });
      const set = "mutation($input: set_secret_input!) { set_secret(input: $input) { success } }";
      const { status } = await client.ask(set, { input: { name: "A", value } });
      // The schema asks for a value, as Prefect's does.
      expect(status).toBe(value === null ? 400 : 200);
      expect((await read(client, "A")).data).toEqual({ secret_value: value === null ? "earlier" : value });
    },
  );

  test("what is not there is refused in the words that Prefect's client knows", async () => {
    const client = await openApi();
    await client.mutate("set_secret", { name: "A", value: 1 }, "{ success }");
    await client.mutate("delete_secret", { name: "A" }, "{ success }");
    expect((await read(client, "A")).errors?.[0]?.message).toBe("No value found for the requested key");
    expect(await client.refusal("delete_secret", { name: "A" }, "{ success }")).toContain("No value found");
    expect(await client.send("{ secret_names }")).toEqual({ secret_names: [] });
  });
});

describe("concurrency limits", () => {
  const running = { type: "Running", message: "go" };

  test("a task run over its tag's limit is Queued around the state it had, and runs when there is room", async () => {
    const client = await openApi();
    const form = flowForm("f", [taskForm("a-1", { tags: ["db"] }), taskForm("b-1", { tags: ["db"] })]);
    const { flowRunId, taskRuns } = await createRun(client, (await register(client, form)).flowId);
    await setFlowRunState(client, flowRunId, running);
    await client.mutate("update_task_tag_limit", { tag: "db", limit: 1 });
    const [a, b] = [taskRuns["a-1"]?.id ?? "", taskRuns["b-1"]?.id ?? ""];
    expect(await setTaskRunState(client, a, running)).toMatchObject({ states: [{ status: "SUCCESS" }] });
    await setTaskRunState(client, b, { type: "Retrying", run_count: 1 });
    expect(await setTaskRunState(client, b, running)).toEqual({
      states: [{ id: b, status: "QUEUED", message: expect.stringContaining('"db"') }],
    });
    const queued = (await historyOf(client, "task_run", b)).at(-1);
    expect(queued).toMatchObject({ version: 2, state: "Queued", serialized_state: { state: { type: "Retrying" } } });
    await setTaskRunState(client, a, { type: "Success" });
    expect(await setTaskRunState(client, b, running)).toMatchObject({ states: [{ status: "SUCCESS" }] });
  });

  test("a flow run over its label's limit is Queued", async () => {
    const client = await openApi();
    const { flowId } = await register(client, flowForm("f", []));
    await client.mutate("update_flow_label_limit", { label: "gpu", limit: 1 });
    const first = await createRun(client, flowId, { labels: ["gpu"] });
    const second = await createRun(client, flowId, { labels: ["gpu"] });
    const other = await createRun(client, flowId, { labels: ["cpu"] });
    const statusOf = async ({ flowRunId }: { flowRunId: string }) =>
      ((await setFlowRunState(client, flowRunId, running)) as { states: { status: string }[] }).states[0]?.status;
    expect([await statusOf(first), await statusOf(second), await statusOf(other)]).toEqual([
      "SUCCESS",
      "QUEUED",
      "SUCCESS",
    ]);
    await setFlowRunState(client, first.flowRunId, { type: "Success" });
    expect(await statusOf(second)).toBe("SUCCESS");
  });

  test("a limit can be changed, read, and deleted", async () => {
    const client = await openApi();
    const { id } = await client.mutate<{ id: string }>("update_task_tag_limit", { tag: "db", limit: 1 });
    expect(await client.mutate("update_task_tag_limit", { tag: "db", limit: 5 })).toEqual({ id });
    expect(await client.send('{ task_tag_limit(where: { tag: { _eq: "db" } }) { limit } }')).toEqual({
      task_tag_limit: [{ limit: 5 }],
    });
    expect(await client.refusal("update_task_tag_limit", { tag: "db", limit: -1 })).toContain("must be >= 0");
    await client.mutate("delete_task_tag_limit", { limit_id: id }, "{ success }");
    expect(await client.send("{ task_tag_limit { tag } }")).toEqual({ task_tag_limit: [] });
  });
});

describe("the queue of agents", () => {
  const queue = async (client: ApiClient, input: Record<string, unknown> = {}): Promise<string[]> => {
    const answer = await client.mutate<{ flow_run_ids: string[] }>(
      "get_runs_in_queue",
      { tenant_id: client.api.tenantId, ...input },
      "{ flow_run_ids }",
    );
    return answer.flow_run_ids;
  };

  test("holds due runs whose labels the agent has, the longest due first", async () => {
    const client = await openApi();
    const { flowId } = await register(client, flowForm("f", []));
    const at = (scheduled_start_time: string, labels: string[] = []) =>
      createRun(client, flowId, { scheduled_start_time, labels });
    const later = await at("2021-01-01T00:00:00Z");
    const sooner = await at("2020-01-01T00:00:00Z");
    const future = await at("2999-01-01T00:00:00Z");
    const labelled = await at("2020-01-01T00:00:00Z", ["gpu"]);
    expect(await queue(client)).toEqual([sooner.flowRunId, later.flowRunId]);
    expect(await queue(client, { labels: ["gpu", "vm"] })).toEqual([labelled.flowRunId]);
    expect(await queue(client, { before: "3000-01-01T00:00:00Z" })).toContain(future.flowRunId);
    expect(await queue(client, { tenant_id: crypto.randomUUID() })).toEqual([]);
    await setFlowRunState(client, sooner.flowRunId, { type: "Submitted", state: { type: "Scheduled" } });
    expect(await queue(client)).toEqual([later.flowRunId]);
  });

  test("holds a Running run one of whose task runs is due for a retry", async () => {
    const client = await openApi();
    const { flowRunId, taskRuns } = await runningRun(client);
    expect(await queue(client)).toEqual([]);
    await setTaskRunState(client, taskRuns["a-1"]?.id ?? "", { type: "Retrying", start_time: "2020-01-01T00:00:00Z" });
    expect(await queue(client)).toEqual([flowRunId]);
    await setTaskRunState(client, taskRuns["a-1"]?.id ?? "", { type: "Paused", start_time: null });
    expect(await queue(client)).toEqual([]);
  });

  test("the agent that submits a run is noted with it", async () => {
    const client = await openApi();
    const { flowRunId } = await runningRun(client, { running: false });
    const input = { type: "LocalAgent", name: "mine", labels: ["vm"], tenant_id: client.api.tenantId };
    const { id } = await client.mutate<{ id: string }>("register_agent", input);
    const states = [{ flow_run_id: flowRunId, state: { type: "Submitted" } }];
    const query =
      "mutation($input: set_flow_run_states_input!) { set_flow_run_states(input: $input) { states { id } } }";
    await post(client.api.url, query, { input: { states } }, { "x-prefect-agent-id": id });
    expect(await client.send("{ flow_run { agent { id name labels } } }")).toEqual({
      flow_run: [{ agent: { id, name: "mine", labels: ["vm"] } }],
    });
  });
});

test("who am I, who are you", async () => {
  const client = await openApi({ version: "1.2.3" });
  const id = client.api.tenantId;
  expect(await client.send("{ hello api { backend version } auth_info { tenant_id } tenant { id slug } }")).toEqual({
    ...{ hello: "👋", api: { backend: "SERVER", version: "1.2.3" }, auth_info: { tenant_id: id } },
    tenant: [{ id, slug: "default" }],
  });
});
