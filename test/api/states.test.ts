import { describe, expect, test } from "vitest";
import {
  historyOf,
  openApi,
  refusalOfFlowRunState,
  refusalOfTaskRunState,
  runningRun,
  setFlowRunState,
  setTaskRunState,
} from "./api-client.ts";

const running = { type: "Running", message: "Starting task run." };
const taskRunOf = (run: Awaited<ReturnType<typeof runningRun>>): string => run.taskRuns["a-1"]?.id ?? "";

describe("the history of a run", () => {
  test("every state is kept, in order, with its version, and as it was sent", async () => {
    const client = await openApi();
    const id = taskRunOf(await runningRun(client));
    const failed = {
      type: "Failed",
      message: "Error during execution of task: ValueError('x')",
      odd: { kept: [1, null] },
    };
    const retrying = {
      type: "Retrying",
      message: "again",
      run_count: 1,
      start_time: "2020-01-02T03:04:05.678901+00:00",
    };
    const sent = [
      running,
      failed,
      retrying,
      running,
      { type: "Success", _result: { type: "PrefectResult", location: "42" } },
    ];
    for (const state of sent) await setTaskRunState(client, id, state);
    const history = await historyOf(client, "task_run", id);
    expect(history.map(({ version, state }) => [version, state])).toEqual([
      ...[
        [0, "Pending"],
        [1, "Running"],
        [2, "Failed"],
        [3, "Retrying"],
        [4, "Running"],
        [5, "Success"],
      ],
    ]);
    expect(history.slice(1).map((row) => row.serialized_state)).toEqual(sent);
  });

  test("the run shows the state in force, its start, its end and its heartbeat", async () => {
    let now = Date.parse("2020-01-01T00:00:00Z");
    const client = await openApi({ now: () => now });
    const id = taskRunOf(await runningRun(client));
    await setTaskRunState(client, id, running);
    now += 60_000;
    await setTaskRunState(client, id, { type: "Success", message: "done" });
    const columns = "version state state_message state_timestamp start_time end_time heartbeat";
    const { task_run_by_pk } = await client.send(`query($id: uuid!) { task_run_by_pk(id: $id) { ${columns} } }`, {
      id,
    });
    expect(task_run_by_pk).toEqual({
      ...{ version: 2, state: "Success", state_message: "done", state_timestamp: "2020-01-01T00:01:00.000000+00:00" },
      ...{ start_time: "2020-01-01T00:00:00.000000+00:00", end_time: "2020-01-01T00:01:00.000000+00:00" },
      heartbeat: "2020-01-01T00:00:00.000000+00:00",
    });
  });

  test("cached inputs stay with a task run until other ones come", async () => {
    const client = await openApi();
    const id = taskRunOf(await runningRun(client));
    const x = { x: { type: "PrefectResult", location: "1" } };
    const y = { y: { type: "PrefectResult", location: "2" } };
    await setTaskRunState(client, id, { type: "Retrying", cached_inputs: x, run_count: 1 });
    await setTaskRunState(client, id, { ...running, cached_inputs: {} });
    await setTaskRunState(client, id, { type: "Failed" });
    await setTaskRunState(client, id, { type: "Retrying", cached_inputs: y });
    const history = await historyOf(client, "task_run", id);
    expect(history.slice(1).map((row) => row.serialized_state.cached_inputs)).toEqual([x, x, x, y]);
  });
});

describe("version lock", () => {
  test("a version that is not the one in force is refused with its code, and changes nothing", async () => {
    const client = await openApi();
    const run = await runningRun(client);
    const id = taskRunOf(run);
    await setTaskRunState(client, id, running, 0);
    const late = await refusalOfTaskRunState(client, id, { type: "Success" }, 0);
    expect(late).toMatch(
      /^VERSION_LOCKING_ERROR: State update failed for task run ID .*version 0 was sent, but version 1/,
    );
    expect(await refusalOfFlowRunState(client, run.flowRunId, running, 7)).toMatch(
      /^VERSION_LOCKING_ERROR: .*flow run/,
    );
    expect(await historyOf(client, "task_run", id)).toHaveLength(2);
  });

  test("null, or none, is not checked", async () => {
    const client = await openApi();
    const id = taskRunOf(await runningRun(client));
    await setTaskRunState(client, id, running, null);
    const states = [{ task_run_id: id, state: { type: "Success" } }];
    await client.mutate("set_task_run_states", { states }, "{ states { id } }");
    expect((await historyOf(client, "task_run", id)).at(-1)?.version).toBe(2);
  });

  test("a task run's state may name its flow run's version too", async () => {
    const client = await openApi();
    const id = taskRunOf(await runningRun(client));
    const set = (flow_run_version: number) =>
      client.refusal(
        "set_task_run_states",
        { states: [{ task_run_id: id, state: running, flow_run_version }] },
        "{ states { id } }",
      );
    expect(await set(1)).toContain("VERSION_LOCKING_ERROR");
    expect(await set(2)).toBe("nothing refused");
  });
});

describe("what a state may be", () => {
  test.each([
    ["Running", true],
    ["Scheduled", false],
    ["Submitted", false],
    ["Cancelling", false],
    ["Failed", false],
  ])("a task run may run while its flow run is %s: %s", async (type, allowed) => {
    const client = await openApi();
    const run = await runningRun(client, { running: false });
    await setFlowRunState(client, run.flowRunId, { type });
    const refusal = await refusalOfTaskRunState(client, taskRunOf(run), running);
    expect(refusal).toBe(
      allowed
        ? "nothing refused"
        : `INTERNAL_SERVER_ERROR: State update failed for task run ID ${taskRunOf(run)}: provided a running state but associated flow run ${run.flowRunId} is not in a running state.`,
    );
    // Anything but a running state is always accepted: a run that ended late must be able to say so.
    expect(await refusalOfTaskRunState(client, taskRunOf(run), { type: "Success" })).toBe("nothing refused");
  });

  test("a flow run that was submitted cannot be submitted again for 30 seconds", async () => {
    let now = Date.now();
    const client = await openApi({ now: () => now });
    const { flowRunId } = await runningRun(client, { running: false });
    const submitted = { type: "Submitted", state: { type: "Scheduled" } };
    await setFlowRunState(client, flowRunId, submitted);
    const again = "State update failed: this run has already been submitted.";
    now += 29_999;
    expect(await refusalOfFlowRunState(client, flowRunId, submitted)).toContain(again);
    now += 1;
    expect(await refusalOfFlowRunState(client, flowRunId, submitted)).toBe("nothing refused");
  });

  test.each([
    ["a type of Prefect 0.7", { type: "Aborted" }, "Unsupported value: Aborted"],
    ["an unknown type", { type: "Done" }, "Unsupported value: Done"],
    ["no type", { message: "x" }, "Missing data for required field."],
    ["no object", "Running", "Invalid data type"],
    ["a message that is no text", { type: "Failed", message: 3 }, "'message'"],
    ["a time that is none", { type: "Retrying", start_time: "soon" }, "'start_time'"],
  ])("%s is refused", async (_, state, message) => {
    const client = await openApi();
    const run = await runningRun(client);
    expect(await refusalOfTaskRunState(client, taskRunOf(run), state)).toContain(message);
    expect(await refusalOfFlowRunState(client, run.flowRunId, state)).toContain(message);
  });

  test("a state of 1,000,000 bytes is kept, a larger one refused; other letters than ASCII weigh six", async () => {
    const client = await openApi();
    const id = taskRunOf(await runningRun(client));
    const frame = JSON.stringify({ type: "Success", message: "" }).length;
    const ofSize = (letter: string, count: number) => ({ type: "Success", message: letter.repeat(count) });
    expect(await refusalOfTaskRunState(client, id, ofSize("x", 1_000_000 - frame))).toBe("nothing refused");
    const tooLarge = "INTERNAL_SERVER_ERROR: State payload is too large.";
    expect(await refusalOfTaskRunState(client, id, ofSize("x", 1_000_001 - frame))).toBe(tooLarge);
    expect(await refusalOfTaskRunState(client, id, ofSize("é", 166_000))).toBe("nothing refused");
    expect(await refusalOfTaskRunState(client, id, ofSize("é", 167_000))).toBe(tooLarge);
  });

  test("unknown runs are refused", async () => {
    const client = await openApi();
    const id = crypto.randomUUID();
    expect(await refusalOfTaskRunState(client, id, running)).toContain(`State update failed for task run ID ${id}`);
    expect(await refusalOfFlowRunState(client, id, running)).toContain(`State update failed for flow run ID ${id}`);
  });
});
