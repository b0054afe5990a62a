import { describe, expect, test } from "vitest";
import { type ApiClient, historyOf, openApi, type Run, runningRun } from "./api-client.ts";

const creation = (run: Run, mapIndex: number, taskId = run.taskRuns["a-1"]?.taskId): string =>
  `get_or_create_task_run_info(input: { flow_run_id: "${run.flowRunId}", task_id: "${taskId}", map_index: ${mapIndex} }) { id version state serialized_state }`;

const childrenOf = async (client: ApiClient, run: Run, count: number): Promise<string[]> => {
  const fields = Array.from({ length: count }, (_, at) => `a${at}: ${creation(run, at)}`);
  const data = await client.send<Record<string, { id: string }>>(`mutation { ${fields.join("\n")} }`);
  return Object.values(data).map(({ id }) => id);
};

const setStates = `mutation($s0: set_task_run_states_input!, $s1: set_task_run_states_input!) {
  s0: set_task_run_states(input: $s0) { states { id status message } }
  s1: set_task_run_states(input: $s1) { states { id status message } }
}`;

describe("aliases", () => {
  test("200 task runs are made by one request, and found again by the next", async () => {
    const client = await openApi();
    const run = await runningRun(client);
    const ids = await childrenOf(client, run, 200);
    expect(new Set(ids).size).toBe(200);
    expect(await childrenOf(client, run, 200)).toEqual(ids);
    const data = await client.send(`mutation { ${creation(run, 0)} }`);
    expect(data.get_or_create_task_run_info).toEqual({
      ...{ id: ids[0], version: 0, state: "Pending" },
      serialized_state: { type: "Pending", message: "Task run created" },
    });
  });

  test("they are done in order: a refused one is null with its error, and those after it are done", async () => {
    const client = await openApi();
    const run = await runningRun(client);
    const { data, errors, status } = await client.ask(
      `mutation { a: ${creation(run, 0)} b: ${creation(run, 1, crypto.randomUUID())} c: ${creation(run, 2)} }`,
    );
    expect(status).toBe(200);
    expect(data).toEqual({ a: expect.any(Object), b: null, c: expect.any(Object) });
    expect(errors?.map(({ message, path }) => [message, path])).toEqual([["Invalid task ID", ["b"]]]);
    const { task_run } = await client.send("{ task_run(where: { map_index: { _gte: 0 } }) { map_index } }");
    expect(task_run).toEqual([{ map_index: 0 }, { map_index: 2 }]);
  });

  test("a state may follow another of the same run in the next alias", async () => {
    const client = await openApi();
    const run = await runningRun(client);
    const ids = await childrenOf(client, run, 200);
    const all = (type: string, version: number) => ({
      states: ids.map((id) => ({ task_run_id: id, version, state: { type, message: `now ${type}` } })),
    });
    const data = await client.send(setStates, { s0: all("Running", 0), s1: all("Success", 1) });
    const expected = { states: ids.map((id) => ({ id, status: "SUCCESS", message: null })) };
    expect(data).toEqual({ s0: expected, s1: expected });
    const last = await historyOf(client, "task_run", ids.at(-1) ?? "");
    expect(last.map(({ state }) => state)).toEqual(["Pending", "Running", "Success"]);
  });

  test("one mistake in the document refuses all of it", async () => {
    const client = await openApi();
    const run = await runningRun(client);
    const log = `write_run_logs(input: { logs: [{ flow_run_id: "${run.flowRunId}", level: TRACE }] }) { success }`;
    const { status, errors } = await client.ask(`mutation { a: ${creation(run, 0)} ${log} }`);
    expect([status, errors?.[0]?.extensions.code]).toEqual([400, "GRAPHQL_VALIDATION_FAILED"]);
    expect(errors?.[0]?.message).toContain('"TRACE" does not exist in "log_level"');
    expect(await client.send("{ task_run(where: { map_index: { _gte: 0 } }) { id } }")).toEqual({ task_run: [] });
  });
});

describe("lists", () => {
  test("one bad item fails the field, and the siblings before it stay", async () => {
    const client = await openApi();
    const [good, bad, after] = await childrenOf(client, await runningRun(client), 3);
    const item = (id: string | undefined, version: number) => ({
      task_run_id: id,
      version,
      state: { type: "Running" },
    });
    const { data, errors } = await client.ask(setStates, {
      s0: { states: [item(good, 0), item(bad, 9), item(after, 0)] },
      s1: { states: [item(after, 0)] },
    });
    expect(data).toEqual({ s0: null, s1: { states: [{ id: after, status: "SUCCESS", message: null }] } });
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([[["s0"], "VERSION_LOCKING_ERROR"]]);
    expect((await historyOf(client, "task_run", good ?? "")).map(({ state }) => state)).toEqual(["Pending", "Running"]);
    expect((await historyOf(client, "task_run", bad ?? "")).map(({ state }) => state)).toEqual(["Pending"]);
  });

  test("a single object stands for a list of one", async () => {
    const client = await openApi();
    const run = await runningRun(client);
    const logs = { flow_run_id: run.flowRunId, level: "ERROR", message: "boom" };
    await client.mutate("write_run_logs", { logs }, "{ success }");
    const states = { task_run_id: run.taskRuns["a-1"]?.id, state: { type: "Running" } };
    await client.mutate("set_task_run_states", { states }, "{ states { id } }");
    expect(await client.send("{ log { level message } }")).toEqual({ log: [{ level: "ERROR", message: "boom" }] });
  });
});

test("1,000 creations and 2,000 states take a fraction of the time that a run may", async () => {
  const client = await openApi();
  const run = await runningRun(client);
  const before = process.cpuUsage();
  const ids: string[] = [];
  for (let from = 0; from < 1_000; from += 200) {
    const fields = Array.from({ length: 200 }, (_, at) => `a${at}: ${creation(run, from + at)}`);
    const data = await client.send<Record<string, { id: string }>>(`mutation { ${fields.join("\n")} }`);
    const made = Object.values(data).map(({ id }) => id);
    const all = (type: string) => ({ states: made.map((id) => ({ task_run_id: id, state: { type } })) });
    await client.send(setStates, { s0: all("Running"), s1: all("Success") });
    ids.push(...made);
  }
  const { user, system } = process.cpuUsage(before);
  expect(await client.send('{ task_run(where: { state: { _eq: "Success" } }) { id } }')).toEqual({
    task_run: ids.map((id) => ({ id })),
  });
  // Of the processor's time, for the machine may be busy: some 0.25 s. A statement that is no longer prepared once, or a
  // missing index, takes many times that.
  expect((user + system) / 1_000).toBeLessThan(2_500);
});

test("task runs: unknown ids are refused, a missing map index is that of no mapping", async () => {
  const client = await openApi();
  const run = await runningRun(client);
  const task_id = run.taskRuns["a-1"]?.taskId;
  const id = crypto.randomUUID();
  const refusal = (input: Record<string, unknown>) => client.refusal("get_or_create_task_run_info", input);
  expect(await refusal({ flow_run_id: id, task_id })).toContain("Foreign key violation.");
  expect(await refusal({ flow_run_id: run.flowRunId, task_id: id })).toContain("Invalid task ID");
  const found = await client.mutate("get_or_create_task_run", { flow_run_id: run.flowRunId, task_id });
  expect(found).toEqual({ id: run.taskRuns["a-1"]?.id });
  const info = await client.send("query($id: UUID!) { get_task_run_info(task_run_id: $id) { id version state } }", {
    id: run.taskRuns["a-1"]?.id,
  });
  expect(info.get_task_run_info).toEqual({ id: run.taskRuns["a-1"]?.id, version: 0, state: "Pending" });
  const { errors } = await client.ask("query($id: UUID!) { get_task_run_info(task_run_id: $id) { id } }", { id });
  expect(errors?.[0]?.message).toBe("Invalid task run ID");
});
