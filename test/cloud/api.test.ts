import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openGraphqlApi } from "../../src/cloud/graphql/open-graphql-api.ts";
import type { Api } from "../../src/cloud/index.ts";
import { FakeApi, Refusal } from "./fake-api.ts";
import { JumpingClock } from "./manual-clock.ts";

let fake: FakeApi;
let api: Api;

beforeEach(async () => {
  fake = await new FakeApi(["list-1", "a-1"]).listen();
  api = openGraphqlApi({ url: fake.url, key: null, tenantId: "t", env: {}, clock: new JumpingClock() });
});

afterEach(async () => {
  api.close();
  await fake.stop();
});

describe("a flow run", () => {
  test("is told in one request, as in Prefect's three", async () => {
    Object.assign(fake.settings, { heartbeat_enabled: true });
    const info = await api.flowRunInfo("fr-1");
    expect(info).toEqual({
      id: "fr-1",
      name: "brave-bear",
      version: 2,
      state: { type: "Submitted", message: "s", result: null, context: {} },
      parameters: { day: 1 },
      context: {},
      scheduledStartTime: Date.UTC(2026, 0, 2, 3, 4, 5, 500),
      heartbeat: null,
      apiTime: expect.any(Number),
      flow: {
        id: "f-1",
        name: "basic",
        project: { id: "p-1", name: "demo" },
        storage: { type: "Docker" },
        environment: null,
        runConfig: { type: "DockerRun" },
        settings: { heartbeat_enabled: true },
      },
      taskRuns: ["list-1", "a-1"].map((slug) => ({
        id: `tr-${slug}`,
        taskId: `t-${slug}`,
        slug,
        version: 0,
        state: { type: "Pending", message: "Task run created", result: null, context: {} },
      })),
      unreadable: [],
    });
    expect(fake.requests).toHaveLength(1);
  });

  test.each(["flowRunInfo", "flowRunState"] as const)("that is not there: %s", async (method) => {
    await expect(api[method]("fr-2")).rejects.toMatchObject({
      code: "FLOW_RUN_NOT_FOUND",
      message: expect.stringContaining("Flow run fr-2 not found"),
      exitCode: 2,
    });
  });

  test("an id cannot break out of the query", async () => {
    await expect(api.flowRunInfo('x") { id } }')).rejects.toMatchObject({ code: "FLOW_RUN_NOT_FOUND" });
  });

  test("in a state that is not known here", async () => {
    fake.flowRun.state = { type: "Hibernating", message: null };
    await expect(api.flowRunInfo("fr-1")).rejects.toMatchObject({
      code: "STATE_TYPE_UNKNOWN",
      message: expect.stringContaining("flow run fr-1"),
    });
  });

  test("with a task run in a state that is not known here", async () => {
    fake.run("a-1").state = { type: "Hibernating", message: "zzz" };
    const { taskRuns, unreadable } = await api.flowRunInfo("fr-1");
    expect(taskRuns.map(({ slug }) => slug)).toEqual(["list-1"]);
    expect(unreadable.map(({ message }) => message)).toEqual([
      expect.stringMatching(/task run tr-a-1 \(a-1\).*"Hibernating"/),
    ]);
  });

  test("tells when a container was last alive", async () => {
    await api.heartbeat("fr-1");
    expect(await api.flowRunInfo("fr-1")).toHaveProperty("heartbeat", Date.UTC(2026, 0, 2, 3, 5));
    expect(await api.flowRunState("fr-1")).toHaveProperty("heartbeat", Date.UTC(2026, 0, 2, 3, 5));
  });

  test("the states of task runs, by id", async () => {
    const states = await api.taskRunStates(["tr-a-1", "tr-none"]);
    expect([...states]).toEqual([["tr-a-1", { version: 0, state: expect.objectContaining({ type: "Pending" }) }]]);
  });

  test("is created, once, even when the answer is lost", async () => {
    fake.faults.push({ kind: "lost" });
    const id = await api.createFlowRun({
      flow: { id: "f-1" },
      parameters: { day: 2 },
      context: { a: 1 },
      labels: ["x"],
      name: "n",
      scheduledStartTime: Date.UTC(2026, 0, 2),
    });
    expect(id).toBe("run-of-f-1");
    const inputs = fake.fieldsOf("create_flow_run").map(({ variables }) => variables?.input);
    expect(inputs).toHaveLength(2);
    expect(inputs[0]).toEqual(inputs[1]);
    expect(inputs[0]).toEqual({
      flow_id: "f-1",
      idempotency_key: expect.stringMatching(/.{10}/),
      parameters: { day: 2 },
      context: { a: 1 },
      labels: ["x"],
      flow_run_name: "n",
      scheduled_start_time: "2026-01-02T00:00:00.000000+00:00",
    });
  });

  test("of the newest version of a group", async () => {
    expect(await api.createFlowRun({ flow: { versionGroupId: "g-1" }, idempotencyKey: "k" })).toBe("run-of-g-1");
    expect(fake.requests[0]?.variables).toEqual({ input: { version_group_id: "g-1", idempotency_key: "k" } });
  });
});

describe("cached results", () => {
  test.each([
    [null, 'task_id: { _eq: "t-1" }'],
    ["daily", 'cache_key: { _eq: "daily" }'],
  ])("by the key %s", async (cacheKey, condition) => {
    fake.faults.push({
      kind: "text",
      body: JSON.stringify({
        data: {
          q0: [{ serialized_state: { type: "Cached", cached_parameters: { p: 1 }, cached_result_expiration: null } }],
        },
      }),
    });
    const states = await api.cachedStates([{ taskId: "t-1", cacheKey, newerThan: Date.UTC(2026, 0, 1) }]);
    expect(states).toMatchObject([[{ type: "Cached", cachedParameters: { p: 1 }, cachedUntil: null }]]);
    const query = fake.requests[0]?.query ?? "";
    expect(query).toContain(condition);
    expect(query).toContain('state_timestamp: { _gte: "2026-01-01T00:00:00.000000+00:00" }');
    expect(query).toContain("order_by: { state_timestamp: desc }, limit: 100");
  });
});

describe("secrets", () => {
  test("are set, read, listed and deleted", async () => {
    await api.setSecret("A", { user: "ada" });
    await api.setSecret("B", "b");
    expect(await api.secretValue("A")).toEqual({ user: "ada" });
    expect(await api.secretNames()).toEqual(["A", "B"]);
    await api.deleteSecret("A");
    expect(await api.secretValue("A")).toBeUndefined();
  });

  test("a server without them says so, and no value is in the message", async () => {
    fake.faultOf = () => ({ kind: "invalid", message: "Cannot query field 'set_secret'" });
    await expect(api.setSecret("A", "hunter2")).rejects.toMatchObject({
      code: "API_REFUSED",
      message: expect.not.stringContaining("hunter2"),
    });
  });
});

describe("registration", () => {
  const tasks = Array.from({ length: 1_200 }, (_, at) => ({ slug: `t-${at}` }));
  const edges = Array.from({ length: 501 }, (_, at) => ({ upstream: at }));
  const serializedFlow = { name: "weather", type: "prefect.core.flow.Flow", tasks, edges };

  test("sends the flow compressed, then tasks and edges in lists of 500", async () => {
    const flow = await api.registerFlow({
      projectId: "p-1",
      serializedFlow,
      versionGroupId: "g-1",
      setScheduleActive: true,
    });
    expect(flow).toEqual({ id: "flow-0", name: "weather", version: 1, versionGroupId: "g-1" });
    const [registered] = fake.registered;
    expect(registered?.tasks).toEqual(tasks);
    expect(registered?.edges).toEqual(edges);
    expect(registered?.active).toBe(true);
    expect(registered?.flow).toMatchObject({ project_id: "p-1", set_schedule_active: false, version_group_id: "g-1" });
    const text = gunzipSync(Buffer.from(String(registered?.flow.serialized_flow), "base64")).toString("utf8");
    expect(JSON.parse(text)).toEqual({ name: "weather", type: "prefect.core.flow.Flow" });
    expect(fake.requests.map(({ fields }) => fields[0])).toEqual([
      "create_flow_from_compressed_string",
      ...Array(3).fill("register_tasks"),
      ...Array(2).fill("register_edges"),
      "set_schedule_active",
      "flow_by_pk",
    ]);
  });

  test("makes no second version when an answer is lost", async () => {
    fake.faults.push({ kind: "lost" });
    await api.registerFlow({ projectId: "p-1", serializedFlow });
    expect(fake.registered).toHaveLength(1);
  });

  test("a project is found, or made, also by two at once", async () => {
    expect(await api.projectByName("demo")).toBeNull();
    expect(await api.createProject("demo", "d")).toEqual({ id: "p-demo", name: "demo" });
    expect(await api.createProject("demo")).toEqual({ id: "p-demo", name: "demo" });
    // Somebody makes it between the question and the creation.
    fake.faults.push({ kind: "text", body: '{"data":{"project":[]}}' });
    expect(await api.createProject("demo")).toEqual({ id: "p-demo", name: "demo" });
    expect(fake.projects).toHaveLength(1);
    expect(fake.fieldsOf("create_project")[0]?.variables).toEqual({
      input: { name: "demo", description: "d", tenant_id: "t" },
    });
  });

  test("a server of one's own has one tenant, which it tells", async () => {
    const anonymous = openGraphqlApi({ url: fake.url, key: null, tenantId: null, env: {} });
    await anonymous.createProject("demo");
    anonymous.close();
    expect(fake.fieldsOf("create_project")[0]?.variables).toEqual({ input: { name: "demo", tenant_id: "t-only" } });
  });

  test("what the API refuses is told", async () => {
    fake.faults.push({ kind: "invalid", message: "Flow name is too long." });
    await expect(api.registerFlow({ projectId: "p-1", serializedFlow })).rejects.toThrow(
      "The API refused the registration of the flow: Flow name is too long.",
    );
  });

  test("a flow is found by its name, the newest version that is not archived", async () => {
    const rows = [{ id: "f-9", name: "weather", version: 9, version_group_id: "g-1" }];
    fake.faults.push({ kind: "text", body: JSON.stringify({ data: { flow: rows } }) });
    const found = await api.flowByName({ name: "weather", project: "demo" });
    expect(found).toEqual({ id: "f-9", name: "weather", version: 9, versionGroupId: "g-1" });
    expect(fake.requests[0]?.query).toContain(
      'flow(where: { name: { _eq: "weather" }, archived: { _eq: false }, project: { name: { _eq: "demo" } } }, order_by: { version: desc }, limit: 1)',
    );
    fake.faults.push({ kind: "text", body: '{"data":{"flow":[]}}' });
    expect(await api.flowByName({ name: "none", project: null })).toBeNull();
  });

  test("a parameter that its flow group has a default for is not required", async () => {
    const parameters = ["city", "day"].map((name) => ({ name, required: true, slug: name }));
    const row = { id: "f-9", name: "weather", parameters, flow_group: { default_parameters: { day: "today" } } };
    fake.faults.push({ kind: "text", body: JSON.stringify({ data: { flow: [row] } }) });
    expect(await api.runnableFlow({ id: "f-9" })).toEqual({
      ...{ id: "f-9", name: "weather" },
      parameters: [
        { name: "city", required: true },
        { name: "day", required: false },
      ],
    });
  });

  test("cancelling a run", async () => {
    fake.faults.push({ kind: "text", body: '{"data":{"cancel_flow_run":{"state":"Cancelling"}}}' });
    await api.cancelFlowRun("fr-1");
    expect(fake.requests[0]).toMatchObject({
      fields: ["cancel_flow_run"],
      variables: { input: { flow_run_id: "fr-1" } },
    });
    fake.faults.push({ kind: "invalid", message: new Refusal("not found").message });
    await expect(api.cancelFlowRun("fr-2")).rejects.toMatchObject({ code: "API_REFUSED" });
  });
});
