import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openGraphqlApi } from "../../src/cloud/graphql/open-graphql-api.ts";
import type { Api, Batch, TaskStateItem } from "../../src/cloud/index.ts";
import { makeState, type State } from "../../src/state/index.ts";
import { FakeApi, type Fault, Refusal } from "./fake-api.ts";
import { JumpingClock } from "./manual-clock.ts";

let fake: FakeApi;
let api: Api;
let clock: JumpingClock;
let warnings: string[];

beforeEach(async () => {
  fake = await new FakeApi(["a-1", "b-1", "c-1"]).listen();
  clock = new JumpingClock();
  warnings = [];
  const warn = (message: string) => warnings.push(message);
  api = openGraphqlApi({
    warn,
    url: fake.url,
    key: null,
    tenantId: null,
    clock,
    env: {},
    requestTimeout: 3_000,
    outageBudget: 60_000,
  });
});

afterEach(async () => {
  api.close();
  await fake.stop();
});

const batch = (given: Partial<Batch>): Batch => ({
  flowRunId: "fr-1",
  creations: [],
  taskStates: [],
  flowStates: [],
  ...given,
});
const running = (runner: string): State =>
  makeState("Running", "Starting task run.", { context: { runner_id: runner } });
const success = makeState("Success", "Task run succeeded.");
const set = (slug: string, state: State, version: number | null = null): TaskStateItem => ({
  taskRunId: `tr-${slug}`,
  state,
  version,
});
const accepted = { status: "accepted" };

test("creations, states of tasks and of the flow travel in one request, in this order", async () => {
  const answers = await api.submit(
    batch({
      creations: [
        { taskId: "t-b-1", mapIndex: 0 },
        { taskId: "t-b-1", mapIndex: 1 },
      ],
      taskStates: [set("a-1", success), set("b-1", makeState("Mapped", "Ready", { mapCount: 2 }))],
      flowStates: [{ state: makeState("Success", "All reference tasks succeeded."), version: null }],
    }),
  );
  expect(answers).toEqual({
    creations: [0, 1].map((mapIndex) => ({
      status: "created",
      run: { id: `tr-b-1-${mapIndex}`, mapIndex, version: 0, state: expect.objectContaining({ type: "Pending" }) },
    })),
    taskStates: [accepted, accepted],
    flowStates: [accepted],
  });
  expect(fake.requests.map(({ fields }) => fields)).toEqual([
    ["get_or_create_task_run_info", "set_task_run_states", "set_flow_run_states"],
  ]);
});

test("states follow the recorded wire, each with the versions that its run and its flow run must have", async () => {
  const start = { ...set("a-1", running("r"), 0), flowRunVersion: 3 };
  await api.submit(batch({ taskStates: [start, set("b-1", success, 0)] }));
  const { states } = Object.values(fake.requests[0]?.variables ?? {})[0] as { states: unknown[] };
  expect(states).toEqual([
    {
      task_run_id: "tr-a-1",
      flow_run_version: 3,
      version: 0,
      state: {
        type: "Running",
        message: "Starting task run.",
        context: { runner_id: "r" },
        cached_inputs: {},
        _result: { type: "NoResultType" },
      },
    },
    { task_run_id: "tr-b-1", version: 0, state: expect.objectContaining({ type: "Success" }) },
  ]);
});

test("a second state of a run waits for the answer to the first", async () => {
  const again = makeState("Retrying", "again", { runCount: 1, startTime: 0 });
  await api.submit(
    batch({ taskStates: [set("a-1", makeState("Failed", "no")), set("b-1", success), set("a-1", again)] }),
  );
  const sent = fake.requests.map(({ variables }) =>
    (Object.values(variables ?? {}) as { states: { task_run_id: string }[] }[]).flatMap(({ states }) =>
      states.map((item) => item.task_run_id),
    ),
  );
  expect(sent).toEqual([["tr-a-1", "tr-b-1"], ["tr-a-1"]]);
  expect(fake.run("a-1").history).toEqual(["Failed", "Retrying"]);
});

test("a concurrency limit is told with the time to ask again", async () => {
  fake.status = () => "QUEUED";
  const { taskStates } = await api.submit(batch({ taskStates: [set("a-1", running("r"), 0)] }));
  expect(taskStates).toEqual([{ status: "queued", startTime: clock.now() + 30_000 }]);
});

test("more than 200 of a kind go in several requests", async () => {
  const creations = Array.from({ length: 450 }, (_, mapIndex) => ({ taskId: "t-a-1", mapIndex }));
  const answers = await api.submit(batch({ creations }));
  expect(answers.creations.map((answer) => answer.status === "created" && answer.run.mapIndex)).toEqual(
    creations.map(({ mapIndex }) => mapIndex),
  );
  expect(fake.requests).toHaveLength(3);
});

test("large states are spread over requests that a server takes", async () => {
  const location = JSON.stringify('"'.repeat(200_000));
  const large = makeState("Success", "m", { result: { handler: { type: "JSONResultHandler" }, location } });
  const answers = await api.submit(batch({ taskStates: ["a-1", "b-1", "c-1"].map((slug) => set(slug, large)) }));
  expect(answers.taskStates).toEqual([accepted, accepted, accepted]);
  expect(Math.max(...fake.requests.map(({ bytes }) => bytes))).toBeLessThan(5_000_000);
});

describe("one bad item in a list", () => {
  test("does not take its siblings along, and none is stored twice", async () => {
    fake.refuse = (item) => (item.task_run_id === "tr-b-1" ? new Refusal("State payload is too large.") : null);
    const { taskStates } = await api.submit(
      batch({ taskStates: [set("a-1", success), set("b-1", success), set("c-1", success)] }),
    );
    expect(taskStates).toEqual([
      accepted,
      {
        status: "refused",
        reason: "State payload is too large",
        current: expect.objectContaining({ type: "Pending" }),
      },
      accepted,
    ]);
    expect(["a-1", "b-1", "c-1"].map((slug) => fake.run(slug).history)).toEqual([["Success"], [], ["Success"]]);
  });

  test("also when the API does not tell what it holds", async () => {
    fake.refuse = (item) => (item.task_run_id === "tr-b-1" ? new Refusal("no") : null);
    fake.faultOf = ({ fields }) =>
      fields.includes("task_run") ? { kind: "invalid", message: "Cannot query field 'task_run'" } : null;
    const { taskStates } = await api.submit(
      batch({ taskStates: [set("a-1", running("me"), 0), set("b-1", success), set("c-1", success)] }),
    );
    expect(taskStates.map(({ status }) => status)).toEqual(["refused", "refused", "accepted"]);
  });

  test("a document that is not understood is taken apart until the item to blame stands alone", async () => {
    fake.faultOf = ({ variables }) =>
      JSON.stringify(variables).includes('"poison"') ? { kind: "invalid", message: "bad value" } : null;
    const { taskStates } = await api.submit(
      batch({ taskStates: [set("a-1", success), set("b-1", makeState("Success", "poison")), set("c-1", success)] }),
    );
    expect(taskStates).toEqual([accepted, { status: "refused", reason: "bad value", current: null }, accepted]);
  });

  test("a child that is not created has its own reason", async () => {
    const answers = await api.submit(
      batch({
        creations: [
          { taskId: "t-a-1", mapIndex: 0 },
          { taskId: "t-none", mapIndex: 0 },
        ],
      }),
    );
    expect(answers.creations.map(({ status }) => status)).toEqual(["created", "refused"]);
    expect(answers.creations[1]).toHaveProperty("reason", expect.stringContaining("t-none"));
  });
});

describe("the version lock", () => {
  const elsewhere = { type: "Running", message: "Starting task run.", context: { runner_id: "other" } };

  test("refuses a Running of a run that another container has", async () => {
    Object.assign(fake.run("a-1"), { version: 1, state: elsewhere });
    const { taskStates } = await api.submit(batch({ taskStates: [set("a-1", running("me"), 0), set("b-1", success)] }));
    expect(taskStates).toEqual([
      {
        status: "refused",
        reason: expect.stringContaining("version"),
        current: expect.objectContaining({ type: "Running" }),
      },
      accepted,
    ]);
  });

  test("does not refuse our own Running whose answer was lost", async () => {
    fake.faults.push({ kind: "lost" });
    const { taskStates } = await api.submit(batch({ taskStates: [set("a-1", running("me"), 0)] }));
    expect(taskStates).toEqual([accepted]);
    expect(fake.run("a-1").history).toEqual(["Running"]);
  });

  test("refuses the flow run too", async () => {
    Object.assign(fake.flowRun, { version: 9, state: elsewhere });
    const { flowStates } = await api.submit(batch({ flowStates: [{ state: running("me"), version: 2 }] }));
    expect(flowStates).toMatchObject([{ status: "refused", current: { type: "Running" } }]);
  });
});

describe("faults", () => {
  const everything = batch({
    creations: [{ taskId: "t-b-1", mapIndex: 0 }],
    taskStates: [
      set("a-1", makeState("Failed", "no")),
      set("b-1", running("me"), 0),
      set("a-1", makeState("Retrying", "r", { runCount: 1, startTime: 1_000 })),
    ],
    flowStates: [{ state: running("me"), version: 2 }],
  });

  test.each<[string, Fault[]]>([
    ["a reset connection", [{ kind: "reset" }]],
    ["a lost answer", [{ kind: "lost" }]],
    ["two lost answers", [{ kind: "lost" }, { kind: "lost" }]],
    ["an answer that breaks off", [{ kind: "torn" }]],
    ["a connection that is closed on one side", [{ kind: "half-closed" }]],
    ["503", [{ kind: "status", status: 503 }]],
    ["502 with a page", [{ kind: "status", status: 502, body: "<html>Bad gateway</html>" }]],
    ["429", [{ kind: "status", status: 429, headers: { "Retry-After": "7" } }]],
    ["no answer at all", [{ kind: "hang" }]],
    ["API_ERROR", [{ kind: "invalid", message: "API_ERROR", code: "API_ERROR", status: 200 }]],
    ["a stored batch and garbage for an answer", [{ kind: "text", body: "<html>Welcome to our hotel</html>" }]],
    ["a stored batch and half an answer", [{ kind: "text", body: '{"data":{}}' }]],
    ["one after the other", [{ kind: "status", status: 500 }, { kind: "lost" }, { kind: "reset" }]],
  ])("%s: everything is stored exactly once", async (_name, faults) => {
    fake.faults.push(...faults);
    const answers = await api.submit(everything);
    expect(answers.taskStates).toEqual([accepted, accepted, accepted]);
    expect(answers.flowStates).toEqual([accepted]);
    expect(answers.creations).toMatchObject([{ status: "created" }]);
    expect(fake.run("a-1").history).toEqual(["Failed", "Retrying"]);
    expect(fake.run("b-1").history).toEqual(["Running"]);
    expect(fake.flowRun.history).toEqual(["Running"]);
  });

  test("Retry-After is obeyed", async () => {
    fake.faults.push({ kind: "status", status: 429, headers: { "Retry-After": "7" } });
    await api.submit(everything);
    expect(clock.waits).toEqual([7_000]);
  });

  test("an outage longer than the budget: nothing is lost silently, and the next one does not wait again", async () => {
    fake.faultOf = () => ({ kind: "status", status: 503 });
    const answers = await api.submit(everything);
    expect([...answers.taskStates, ...answers.flowStates, ...answers.creations].map(({ status }) => status)).toEqual(
      Array(5).fill("undelivered"),
    );
    expect(answers.taskStates[0]).toHaveProperty("reason", expect.stringMatching(/503.*Tried for 60 s/));
    const before = fake.requests.length;
    await api.submit(everything);
    expect(fake.requests.length).toBe(before + 1);
    fake.faultOf = () => null;
    expect((await api.submit(everything)).flowStates).toEqual([accepted]);
  });

  test("an outage is said once, and its end", async () => {
    fake.faults.push(...Array.from({ length: 5 }, () => ({ kind: "status", status: 503, body: "busy" }) as const));
    await api.submit(everything);
    await api.submit(everything);
    expect(warnings).toEqual([
      expect.stringMatching(/cannot be reached: it answers HTTP 503 \(busy\)\..* Trying again for up to 60 s\./),
      expect.stringMatching(/^The API is there again after \d+ s\.$/),
    ]);
  });

  test("a server that is not there for a while", async () => {
    await fake.stop();
    const waitsBefore = clock.waits.length;
    const answers = api.submit(everything);
    while (clock.waits.length < waitsBefore + 3) await new Promise(setImmediate);
    await fake.listen();
    expect((await answers).taskStates).toEqual([accepted, accepted, accepted]);
  });

  test("a key that is not accepted is not tried again", async () => {
    fake.faultOf = () => ({ kind: "status", status: 401, body: "bad key" });
    const { taskStates } = await api.submit(batch({ taskStates: [set("a-1", success)] }));
    expect(taskStates).toMatchObject([{ status: "undelivered", reason: expect.stringContaining("bad key") }]);
    expect(fake.requests).toHaveLength(1);
  });

  test("garbage is not worth the whole outage budget", async () => {
    fake.faultOf = () => ({ kind: "text", body: "<html>" });
    const { taskStates } = await api.submit(batch({ taskStates: [set("a-1", success)] }));
    expect(taskStates).toMatchObject([{ status: "undelivered", reason: expect.stringContaining("no JSON") }]);
    expect(fake.requests.length).toBeLessThan(8);
  });

  test("one that is told to stop stops", async () => {
    fake.faultOf = () => ({ kind: "hang" });
    const stop = new AbortController();
    const answers = api.submit(batch({ taskStates: [set("a-1", success)] }), { signal: stop.signal });
    stop.abort(new Error("time is up"));
    expect((await answers).taskStates).toEqual([{ status: "undelivered", reason: "time is up" }]);
  });
});
