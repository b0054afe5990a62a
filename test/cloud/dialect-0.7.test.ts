import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openGraphqlApi } from "../../src/cloud/graphql/open-graphql-api.ts";
import type { Api } from "../../src/cloud/index.ts";
import type { LogRecord } from "../../src/engine/index.ts";
import { failed, makeState, running, success } from "../../src/state/index.ts";
import { FakeApi } from "./fake-api.ts";
import { JumpingClock } from "./manual-clock.ts";

let fake: FakeApi;
let api: Api;

const open = (url = fake.url): Api =>
  openGraphqlApi({ url, key: "k", tenantId: "t", dialect: "0.7", env: {}, clock: new JumpingClock() });

beforeEach(async () => {
  fake = await new FakeApi(["a-1", "b-1"], "0.7").listen();
  api = open();
});

afterEach(async () => {
  api.close();
  await fake.stop();
});

const nothing = { flowRunId: "fr-1", creations: [], taskStates: [], flowStates: [] };

describe("requests", () => {
  test("go to /graphql/alpha with the token alone", async () => {
    await api.flowRunState("fr-1");
    const [{ headers = {} } = {}] = fake.requests;
    expect(headers).toMatchObject({ authorization: "Bearer k" });
    expect(Object.keys(headers).filter((name) => name.startsWith("x-prefect"))).toEqual([]);
  });

  test("an address that ends there already is used as it is", async () => {
    const whole = open(`${fake.url}/graphql/alpha`);
    expect(await whole.flowRunState("fr-1")).toMatchObject({ version: 2 });
    whole.close();
  });
});

describe("a flow run", () => {
  test("is told in one request, with the columns that 0.7 has", async () => {
    const info = await api.flowRunInfo("fr-1");
    expect(info).toMatchObject({ version: 2, state: { type: "Submitted" }, flow: { name: "basic" }, heartbeat: null });
    expect(fake.requests).toHaveLength(1);
    expect(fake.requests[0]?.query).not.toMatch(/run_config|settings/);
  });

  test("of an API without heartbeats has none, and they are asked for once", async () => {
    fake.knows.heartbeatColumn = false;
    expect((await api.flowRunInfo("fr-1")).heartbeat).toBeUndefined();
    expect((await api.flowRunState("fr-1")).heartbeat).toBeUndefined();
    expect(fake.requests.map(({ query }) => /\bheartbeat\b/.test(query))).toEqual([true, false, false]);
  });

  test("and its Running task runs are told alive in one request", async () => {
    await api.heartbeat("fr-1", { taskRunIds: ["tr-a-1", "tr-b-1"] });
    expect(fake.heartbeats).toBe(1);
    expect(fake.taskHeartbeats).toEqual(["tr-a-1", "tr-b-1"]);
    expect(fake.requests).toHaveLength(1);
  });

  test("is created with what 0.7 knows", async () => {
    const id = await api.createFlowRun({ flow: { id: "f" }, parameters: { a_b: 1 }, scheduledStartTime: 0 });
    expect(id).toBe("run-of-f");
    expect(fake.requests[0]?.variables).toEqual({
      input: {
        flowId: "f",
        idempotencyKey: expect.any(String),
        parameters: { a_b: 1 },
        scheduledStartTime: "1970-01-01T00:00:00.000000+00:00",
      },
    });
  });
});

describe("states", () => {
  test("carry their versions and travel in 0.7's form", async () => {
    const stored = { handler: { type: "JSONResultHandler" }, location: "1" };
    const { taskStates, flowStates } = await api.submit({
      ...nothing,
      taskStates: [{ taskRunId: "tr-a-1", state: success("ok", stored), version: 0, flowRunVersion: 2 }],
      flowStates: [{ state: running("Running flow."), version: 2 }],
    });
    expect([taskStates, flowStates]).toEqual([[{ status: "accepted" }], [{ status: "accepted" }]]);
    expect(fake.requests).toHaveLength(1);
    expect(fake.requests[0]?.variables).toEqual({
      s0: {
        states: [
          {
            state: expect.objectContaining({ _result: expect.objectContaining({ type: "SafeResult", value: "1" }) }),
            taskRunId: "tr-a-1",
            version: 0,
          },
        ],
      },
      s1: { states: [{ state: expect.objectContaining({ type: "Running" }), flowRunId: "fr-1", version: 2 }] },
    });
  });

  test("that go with any version get the one that is in force", async () => {
    fake.run("a-1").version = 7;
    const { taskStates, flowStates } = await api.submit({
      ...nothing,
      taskStates: ["Failed", "Retrying"].map((type) => ({
        taskRunId: "tr-a-1",
        state: makeState(type as "Failed", "m"),
        version: null,
      })),
      flowStates: [{ state: failed("f"), version: null }],
    });
    expect([...taskStates, ...flowStates].map(({ status }) => status)).toEqual(["accepted", "accepted", "accepted"]);
    expect(fake.run("a-1")).toMatchObject({ version: 9, history: ["Failed", "Retrying"] });
    expect(fake.flowRun.history).toEqual(["Failed"]);
  });

  test("of a type that 0.7 has not are found again in what stands for them", async () => {
    fake.faults.push({ kind: "lost" });
    const cancelled = { state: makeState("Cancelled", "c"), version: 2 };
    expect((await api.submit({ ...nothing, flowStates: [cancelled] })).flowStates).toEqual([{ status: "accepted" }]);
    expect(fake.flowRun.history).toEqual(["Aborted"]);
  });

  test("children are found or created by fields of one document", async () => {
    const creations = [0, 1, 2].map((mapIndex) => ({ taskId: "t-a-1", mapIndex }));
    const answers = await api.submit({ ...nothing, creations });
    expect(answers.creations.map((answer) => answer.status === "created" && answer.run.id)).toEqual(
      [0, 1, 2].map((at) => `tr-a-1-${at}`),
    );
    expect(fake.requests).toHaveLength(1);
  });
});

describe("logs", () => {
  const records: LogRecord[] = ["one", "two", "three"].map((message) => ({
    time: 0,
    level: "INFO",
    name: "n",
    message,
    taskRunId: null,
  }));
  const told = () => fake.logs.map(({ message }) => message);

  test("go as a list where the API knows lists (0.7.1)", async () => {
    expect(await api.writeLogs("fr-1", records)).toEqual([]);
    expect(fake.requests.map(({ fields }) => fields)).toEqual([["writeRunLogs"]]);
    expect(told()).toEqual(["one", "two", "three"]);
    expect(fake.logs[0]).toMatchObject({ flow_run_id: "fr-1", task_run_id: null, level: "INFO" });
  });

  test("go one by one in one document where it does not (0.7.0), which is found out once", async () => {
    fake.knows.logLists = false;
    await api.writeLogs("fr-1", records);
    await api.writeLogs("fr-1", records);
    expect(fake.requests.map(({ fields }) => fields)).toEqual([["writeRunLogs"], ["writeRunLog"], ["writeRunLog"]]);
    expect(told()).toEqual(["one", "two", "three", "one", "two", "three"]);
  });

  test("one that is not wanted is named, and the others are not sent again", async () => {
    fake.knows.logLists = false;
    fake.refuseLog = ({ message }) => message === "two";
    expect(await api.writeLogs("fr-1", records)).toEqual([{ record: records[1], reason: "Task run not found" }]);
    expect(told()).toEqual(["one", "three"]);
  });

  test("none that is wanted is an error", async () => {
    fake.knows.logLists = false;
    fake.refuseLog = () => true;
    await expect(api.writeLogs("fr-1", records)).rejects.toMatchObject({ code: "API_REFUSED" });
  });
});

describe("registration", () => {
  test("is one request with all tasks in it", async () => {
    const project = await api.createProject("demo");
    const serializedFlow = { name: "w", tasks: [{ slug: "a" }], edges: [], storage: { type: "Local" } };
    await api.registerFlow({ projectId: project.id, serializedFlow, setScheduleActive: true, idempotencyKey: "k" });
    const [creation] = fake.fieldsOf("createFlowFromCompressedString");
    const input = creation?.variables?.input as { serializedFlow: string };
    expect(input).toMatchObject({ projectId: "p-demo", setScheduleActive: true });
    expect(JSON.parse(gunzipSync(Buffer.from(input.serializedFlow, "base64")).toString())).toEqual({
      ...serializedFlow,
      storage: { type: "Local", fingerprint: "k" },
    });
  });

  test("a project needs no tenant", async () => {
    await api.createProject("demo", "about");
    expect(fake.fieldsOf("createProject")[0]?.variables).toEqual({ input: { name: "demo", description: "about" } });
    expect(fake.fieldsOf("tenant")).toEqual([]);
  });
});

test("secrets are read, set and deleted", async () => {
  await api.setSecret("TOKEN", { a: 1 });
  expect(await api.secretValue("TOKEN")).toEqual({ a: 1 });
  expect(await api.deleteSecret("TOKEN")).toBe(true);
  expect(await api.secretValue("TOKEN")).toBeUndefined();
});

describe("what 0.7 has not", () => {
  test.each<[string, (api: Api) => Promise<unknown>]>([
    ["secret_names", (each) => each.secretNames()],
    ["create_flow_run.labels", (each) => each.createFlowRun({ flow: { id: "f" }, labels: ["x"] })],
    ["create_flow_run.version_group_id", (each) => each.createFlowRun({ flow: { versionGroupId: "g" } })],
  ])("%s is an error that says so, and nothing is sent", async (name, ask) => {
    await expect(ask(api)).rejects.toMatchObject({
      code: "API_OPERATION_MISSING",
      exitCode: 4,
      message: expect.stringMatching(new RegExp(`0\\.7.*${name.replace(".", "\\.")}.*FLOW_RUNNER__DIALECT`)),
    });
    expect(fake.requests).toEqual([]);
  });
});
