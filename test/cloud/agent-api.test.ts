import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { type AgentApi, connectAgent } from "../../src/cloud/index.ts";
import { submitRun } from "../../src/run/agent/submit-run.ts";
import {
  type ApiClient,
  createRun,
  flowForm,
  historyOf,
  openApi,
  register,
  runningRun,
  setTaskRunState,
  taskForm,
} from "../api/api-client.ts";
import { startTap, type Tap } from "../e2e/resume/tap.ts";

let client: ApiClient;
let warnings: string[];
const opened: AgentApi[] = [];

beforeEach(async () => {
  client = await openApi();
  warnings = [];
  return () => {
    for (const agent of opened.splice(0)) agent.close();
  };
});

type Dialect = "0.7" | "1.x";

async function agent(
  name: string,
  labels: readonly string[] = [],
  url = client.api.url,
  dialect: Dialect = "1.x",
): Promise<AgentApi> {
  const options = { url, dialect, key: null, tenantId: null, env: {}, warn: (text: string) => warnings.push(text) };
  const api = await connectAgent(options, { type: "LocalAgent", name, labels });
  opened.push(api);
  return api;
}

const soon = () => Date.now() + 10_000;

describe("an agent", () => {
  test("is known to the API by its name, labels and kind, and as the one that took a run", async () => {
    const { flowId } = await register(client, flowForm("pair", [taskForm("a-1")]));
    const { flowRunId } = await createRun(client, flowId, { labels: ["eu"] });
    const api = await agent("one", ["eu", "gpu"]);
    expect(await api.dueFlowRuns(soon())).toEqual([flowRunId]);
    const [run] = await api.startableRuns([flowRunId]);
    if (run === undefined) throw new Error("no run");
    expect(await submitRun(api, run, [], "s")).toBe(true);
    const { agent: known } = await client.send<{ agent: unknown[] }>("{ agent { name type labels last_queried } }");
    expect(known).toEqual([
      { name: "one", type: "LocalAgent", labels: ["eu", "gpu"], last_queried: expect.any(String) },
    ]);
    const { flow_run } = await client.send("{ flow_run { agent { name } } }");
    expect(flow_run).toEqual([{ agent: { name: "one" } }]);
  });

  test("finds the runs that its labels allow, with all that it needs to start them", async () => {
    const { flowId } = await register(
      client,
      flowForm("pair", [taskForm("a-1")], { storage: { type: "Local", flows: { pair: "/p" } } }),
    );
    const mine = await createRun(client, flowId, { labels: ["eu"] });
    const plain = await createRun(client, flowId);
    const api = await agent("one", ["eu"]);
    expect(await api.dueFlowRuns(soon())).toEqual([mine.flowRunId]);
    expect(await (await agent("two")).dueFlowRuns(soon())).toEqual([plain.flowRunId]);
    expect(await api.startableRuns([mine.flowRunId])).toMatchObject([
      {
        id: mine.flowRunId,
        state: { type: "Scheduled", startTime: expect.any(Number) },
        runConfig: { type: "UniversalRun" },
        flow: { id: flowId, name: "pair", storage: { flows: { pair: "/p" } } },
        taskRuns: [],
      },
    ]);
  });

  test("finds what is due of a Running run, and when it was last alive", async () => {
    const run = await runningRun(client);
    const past = new Date(Date.now() - 60_000).toISOString();
    const [a, b] = [run.taskRuns["a-1"]?.id ?? "", run.taskRuns["b-1"]?.id ?? ""];
    await setTaskRunState(client, a, { type: "Retrying", run_count: 1, start_time: past });
    await setTaskRunState(client, b, { type: "Retrying", run_count: 1, start_time: "2100-01-01T00:00:00Z" });
    const api = await agent("one");
    expect(await api.dueFlowRuns(soon())).toEqual([run.flowRunId]);
    expect(await api.startableRuns([run.flowRunId])).toMatchObject([
      { state: { type: "Running" }, heartbeat: expect.any(Number), taskRuns: [{ id: a, state: { type: "Retrying" } }] },
    ]);
  });
});

describe("of two agents that take the same run", () => {
  let tap: Tap;
  let flowRunId: string;

  beforeEach(async () => {
    const { flowId } = await register(client, flowForm("pair", [taskForm("a-1")]));
    ({ flowRunId } = await createRun(client, flowId));
    tap = await startTap(client.api.url);
    return () => tap.close();
  });

  async function both() {
    const apis = [await agent("one", [], tap.url), await agent("two")];
    return Promise.all(
      apis.map(async (api) => {
        const [run] = await api.startableRuns([flowRunId]);
        if (run === undefined) throw new Error("no run");
        return { api, run };
      }),
    );
  }

  test("one gets it", async () => {
    const taken = await both();
    const answers = await Promise.all(taken.map(({ api, run }, at) => submitRun(api, run, [], `s${at}`)));
    expect(answers.toSorted()).toEqual([false, true]);
    const history = await historyOf(client, "flow_run", flowRunId);
    expect(history.map(({ state }) => state)).toEqual(["Scheduled", "Submitted"]);
  });

  test("the one whose answer was lost knows that it has it, and the other that it has not", async () => {
    const [one, two] = await both();
    if (one === undefined || two === undefined) throw new Error("no agents");
    let lost = 0;
    tap.watch = ({ moment, body }) => {
      if (moment !== "done" || !body.includes("set_flow_run_states") || lost > 0) return;
      lost += 1;
      return "drop";
    };
    expect(await submitRun(one.api, one.run, [], "s1")).toBe(true);
    expect(await submitRun(two.api, two.run, [], "s2")).toBe(false);
    expect(lost).toBe(1);
    const history = await historyOf(client, "flow_run", flowRunId);
    expect(history.map(({ state }) => state)).toEqual(["Scheduled", "Submitted"]);
  });
});

describe("an agent that speaks Prefect 0.7", () => {
  test("is no one's by name; it finds runs by their labels, and takes them", async () => {
    const { flowId } = await register(client, flowForm("pair", [taskForm("a-1")]));
    const mine = await createRun(client, flowId, { labels: ["eu"] });
    await createRun(client, flowId);
    const api = await agent("one", ["eu"], client.api.url, "0.7");
    expect(await client.send("{ agent { name } }")).toEqual({ agent: [] });
    expect(await api.dueFlowRuns(soon())).toEqual([mine.flowRunId]);
    const [run] = await api.startableRuns([mine.flowRunId]);
    if (run === undefined) throw new Error("no run");
    expect(run).toMatchObject({ state: { type: "Scheduled" }, runConfig: null, flow: { name: "pair" } });
    expect(await submitRun(api, run, [], "s1")).toBe(true);
    expect(await submitRun(api, run, [], "s2")).toBe(false);
    const history = await historyOf(client, "flow_run", mine.flowRunId);
    expect(history.map(({ state }) => state)).toEqual(["Scheduled", "Submitted"]);
  });

  test("needs a token of its scope, and says so", async () => {
    const tap = await startTap(client.api.url);
    onTestFinished(() => tap.close());
    tap.answer = (answer) => Buffer.from(String(answer).replace("RUNNER", "USER"));
    await expect(agent("one", [], tap.url, "0.7")).rejects.toMatchObject({
      code: "TOKEN_SCOPE_WRONG",
      message: expect.stringContaining("USER"),
    });
  });
});
