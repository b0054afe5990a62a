import { validateSchema } from "graphql";
import { expect, test } from "vitest";
import { buildSchema07 } from "../../src/api/dialect-0.7/schema.ts";
import { type ApiClient, flowForm, historyOf, openApi, post, runningRun, taskForm } from "./api-client.ts";

/** What a client of 0.7 is to the same API. */
function inDialect07({ api }: ApiClient, headers = {}) {
  const ask = (query: string, variables?: Record<string, unknown>) =>
    post(`${api.url}/graphql/alpha`, query, variables ?? null, headers);
  const mutate = async <Data>(name: string, input: Record<string, unknown>, selection = "{ id }"): Promise<Data> => {
    const query = `mutation($input: ${name}Input!) { ${name}(input: $input) ${selection} }`;
    const { data, errors } = await ask(query, { input });
    if (errors !== undefined) throw new Error(`${errors[0]?.extensions.code}: ${errors[0]?.message}`);
    return data?.[name] as Data;
  };
  return { ask, mutate };
}

const createFlow = async ({ mutate }: ReturnType<typeof inDialect07>): Promise<string> => {
  const { id: projectId } = await mutate<{ id: string }>("createProject", { name: "demo" });
  const serializedFlow = flowForm("old", [taskForm("a-1", { tags: ["slow"] })], { __version__: "0.7.0" });
  return (await mutate<{ id: string }>("createFlow", { projectId, serializedFlow, setScheduleActive: false })).id;
};

test("the schema's text is valid, and has 1.x's operations in camelCase only", () => {
  const schema = buildSchema07();
  expect(validateSchema(schema)).toEqual([]);
  const names = Object.keys(schema.getMutationType()?.getFields() ?? {});
  expect(names).toEqual(expect.arrayContaining(["createFlowFromCompressedString", "setTaskRunStates", "writeRunLogs"]));
  expect(names.filter((name) => name.includes("_"))).toEqual([]);
});

test("creates a run, and reads it back through what the creation answers; what is in its parameters keeps its names", async () => {
  const old = inDialect07(await openApi());
  const flowId = await createFlow(old);
  const input = { flowId, parameters: { startDate: { dayOfWeek: 1 } }, idempotencyKey: "k" };
  const { flow_run: run } = await old.mutate<{ flow_run: { id: string } }>(
    "createFlowRun",
    input,
    "{ flow_run { id parameters version state flow { name } } }",
  );
  expect(run).toMatchObject({ parameters: { startDate: { dayOfWeek: 1 } }, version: 1, state: "Scheduled" });
  expect(await old.mutate("createFlowRun", input, "{ flow_run { id } }")).toEqual({ flow_run: { id: run.id } });
});

test("sets states under the version lock; a task run is got or made; a later reader of 1.x gets the JSON as it was sent", async () => {
  const client = await openApi();
  const old = inDialect07(client);
  const flowId = await createFlow(old);
  const { flow_run: run } = await old.mutate<{ flow_run: { id: string } }>(
    "createFlowRun",
    { flowId },
    "{ flow_run { id } }",
  );
  const states = "{ states { id status message } }";
  const setFlow = (type: string, version: number) =>
    old.mutate("setFlowRunStates", { states: [{ flowRunId: run.id, version, state: { type } }] }, states);
  expect(await setFlow("Running", 1)).toEqual({ states: [{ id: run.id, status: "SUCCESS", message: null }] });
  await expect(setFlow("Running", 1)).rejects.toThrow("VERSION_LOCKING_ERROR");

  const { task: tasks } = await client.send<{ task: { id: string }[] }>("{ task { id } }");
  const { task_run: taskRun } = await old.mutate<{ task_run: { id: string } }>(
    "getOrCreateTaskRun",
    { flowRunId: run.id, taskId: tasks[0]?.id, mapIndex: 3 },
    "{ task_run { id version serialized_state task { slug } } }",
  );
  expect(taskRun).toEqual({
    ...{ id: expect.any(String), version: 0, task: { slug: "a-1" } },
    serialized_state: { type: "Pending", message: "Task run created" },
  });

  const safe = { type: "SafeResult", value: '{"rowCount": 1}', result_handler: { type: "JSONResultHandler" } };
  const state = { type: "Success", message: "Task run succeeded.", context: {}, _result: safe, __version__: "0.7.0" };
  await old.mutate("setTaskRunStates", { states: [{ taskRunId: taskRun.id, version: 0, state }] }, states);
  const [, stored] = await historyOf(client, "task_run", taskRun.id);
  expect(stored?.serialized_state).toEqual(state);
});

test("each dialect takes its own states", async () => {
  const client = await openApi();
  const old = inDialect07(client);
  const { taskRuns } = await runningRun(client);
  const id = taskRuns["a-1"]?.id;
  const set = (type: string) =>
    old.mutate("setTaskRunStates", { states: [{ taskRunId: id, state: { type } }] }, "{ states { status } }");
  await expect(set("Cancelled")).rejects.toThrow("Unsupported value: Cancelled");
  expect(await set("Aborted")).toEqual({ states: [{ status: "SUCCESS" }] });
  expect(
    await client.refusal(
      "set_task_run_states",
      { states: [{ task_run_id: id, state: { type: "Aborted" } }] },
      "{ states { status } }",
    ),
  ).toContain("Unsupported value: Aborted");
});

test("tags limit how many task runs are Running: the answer is QUEUED", async () => {
  const client = await openApi();
  const old = inDialect07(client);
  const flowId = await createFlow(old);
  const { flow_run: run } = await old.mutate<{ flow_run: { id: string; task_runs: { id: string }[] } }>(
    "createFlowRun",
    { flowId },
    "{ flow_run { id task_runs { id } } }",
  );
  const { id: limitId } = await old.mutate<{ id: string }>("updateTaskTagLimit", { tag: "slow", limit: 0 });
  await old.mutate(
    "setFlowRunStates",
    { states: [{ flowRunId: run.id, state: { type: "Running" } }] },
    "{ states { id } }",
  );
  const start = () =>
    old.mutate(
      "setTaskRunStates",
      { states: [{ taskRunId: run.task_runs[0]?.id, state: { type: "Running" } }] },
      "{ states { status message } }",
    );
  expect(await start()).toEqual({ states: [{ status: "QUEUED", message: expect.stringContaining('"slow"') }] });
  expect(await old.mutate("deleteTaskTagLimit", { limitId }, "{ success }")).toEqual({ success: true });
  expect(await start()).toEqual({ states: [{ status: "SUCCESS", message: null }] });
});

test("logs, one and several; heartbeats; the queue; secrets", async () => {
  const client = await openApi();
  const old = inDialect07(client);
  const { flowRunId } = await runningRun(client);
  const log = { flowRunId, level: "INFO", message: "one", info: { taskName: "x" }, timestamp: "2020-01-01T00:00:00Z" };
  expect(await old.mutate("writeRunLog", log, "{ success }")).toEqual({ success: true });
  await old.mutate("writeRunLogs", { logs: [{ ...log, message: "two" }] }, "{ success }");
  expect((await client.ask("{ log { message info } }")).data?.log).toEqual([
    { message: "one", info: { taskName: "x" } },
    { message: "two", info: { taskName: "x" } },
  ]);
  expect(await old.mutate("updateFlowRunHeartbeat", { flowRunId }, "{ success }")).toEqual({ success: true });
  expect(await old.mutate("getRunsInQueue", { tenantId: client.api.tenantId }, "{ flow_run_ids }")).toEqual({
    flow_run_ids: [],
  });
  await old.mutate("setSecret", { name: "TOKEN", value: { deepValue: 1 } }, "{ success }");
  const { data } = await old.ask("query($name: String!) { secretValue(name: $name) authInfo { apiTokenScope } }", {
    name: "TOKEN",
  });
  expect(data).toEqual({ secretValue: { deepValue: 1 }, authInfo: { apiTokenScope: "RUNNER" } });
});

test("a tenant is logged in to with the API's key, which is what comes back; tokens are refused in a sentence", async () => {
  const client = await openApi({ key: "the-key" });
  const old = inDialect07(client, { authorization: "Bearer the-key" });
  const access = "{ accessToken refreshToken expiresAt }";
  const given = await old.mutate("switchTenant", { tenantId: client.api.tenantId }, access);
  expect(given).toMatchObject({ accessToken: "the-key", refreshToken: "the-key" });
  expect(await old.mutate("refreshToken", { accessToken: "the-key" }, "{ accessToken }")).toEqual({
    accessToken: "the-key",
  });
  await expect(old.mutate("switchTenant", { tenantId: crypto.randomUUID() }, access)).rejects.toThrow(
    "There is no tenant",
  );
  await expect(old.mutate("createAPIToken", { name: "n", role: "RUNNER" }, "{ token }")).rejects.toThrow("has one key");
  expect((await inDialect07(client).ask("{ hello }")).status).toBe(401);
});

test("neither dialect knows the other's operations", async () => {
  const client = await openApi();
  const old = inDialect07(client);
  expect((await old.ask('mutation { set_secret(input: { name: "a", value: "1" }) { success } }')).status).toBe(400);
  expect((await client.ask('mutation { setSecret(input: { name: "a", value: "1" }) { success } }')).status).toBe(400);
});
