import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type ApiClient, historyOf, openApi, runningRun, setFlowRunState, setTaskRunState } from "./api-client.ts";

const minute = 60_000;
let now: number;
let client: ApiClient;

beforeEach(async () => {
  now = Date.parse("2026-01-01T12:00:00Z");
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  client = await openApi({ now: () => now });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Lets so much time pass, at whose end the API's services look. */
function pass(minutes: number): void {
  now += minutes * minute;
  vi.advanceTimersByTime(15_000);
}

const statesOf = async (flowRunId: string) =>
  (await historyOf(client, "flow_run", flowRunId)).map(({ state }) => state);
const logOf = async (id: string) => {
  const query = "query($id: uuid!) { log(where: { flow_run_id: { _eq: $id } }) { level name message } }";
  return (await client.send<{ log: object[] }>(query, { id })).log;
};
const beat = (flow_run_id: string) => client.mutate("update_flow_run_heartbeat", { flow_run_id }, "{ success }");
const isDue = async (id: string) => {
  const input = { tenant_id: client.api.tenantId, labels: [] };
  const { flow_run_ids } = await client.mutate<{ flow_run_ids: string[] }>(
    "get_runs_in_queue",
    input,
    "{ flow_run_ids }",
  );
  return flow_run_ids.includes(id);
};
const rescheduled = "Rescheduled by a Lazarus process.";

describe("a run whose process is gone", () => {
  test("while it was being cancelled is Cancelled, with its tasks, once its heartbeat is ten minutes old", async () => {
    const { flowRunId, taskRuns } = await runningRun(client);
    await setTaskRunState(client, taskRuns["a-1"]?.id ?? "", { type: "Running" });
    await client.mutate("cancel_flow_run", { flow_run_id: flowRunId }, "{ state }");
    pass(9);
    await beat(flowRunId);
    pass(9);
    expect(await statesOf(flowRunId)).toEqual(["Scheduled", "Running", "Cancelling"]);
    pass(1);
    expect(await statesOf(flowRunId)).toEqual(["Scheduled", "Running", "Cancelling", "Cancelled"]);
    expect(await client.send("{ task_run { state } }")).toEqual({
      task_run: [{ state: "Cancelled" }, { state: "Cancelled" }],
    });
    const message = "No heartbeat detected from the flow run that was to be cancelled; it is cancelled.";
    expect(await logOf(flowRunId)).toEqual([{ level: "ERROR", name: "prefect-server.ZombieKiller.FlowRun", message }]);
    pass(60);
    expect(await statesOf(flowRunId)).toHaveLength(4);
  });

  test.each(["Submitted", "Running"])("and that is %s is scheduled again, three times, then Failed", async (type) => {
    const { flowRunId } = await runningRun(client, { running: false });
    for (let time = 1; time <= 3; time += 1) {
      await setFlowRunState(client, flowRunId, { type });
      pass(9);
      expect(await isDue(flowRunId)).toBe(false);
      pass(1);
      expect((await historyOf(client, "flow_run", flowRunId)).at(-1)).toMatchObject({
        ...{ state: "Scheduled", message: rescheduled },
      });
      expect(await isDue(flowRunId)).toBe(true);
    }
    await setFlowRunState(client, flowRunId, { type });
    pass(10);
    const message = expect.stringMatching(/attempted to reschedule this run 3 times without success/);
    expect((await historyOf(client, "flow_run", flowRunId)).at(-1)).toMatchObject({ state: "Failed", message });
    const log = await logOf(flowRunId);
    expect(log).toHaveLength(4);
    expect(log.at(-1)).toEqual({ level: "ERROR", name: "prefect-server.Lazarus.FlowRun", message });
  });

  test("is left to whoever takes over what is under way, or comes up", async () => {
    const { flowRunId, taskRuns } = await runningRun(client);
    const later = new Date(now + 120 * minute).toISOString();
    for (const state of [{ type: "Running" }, { type: "Retrying", start_time: later }, { type: "Paused" }]) {
      await setTaskRunState(client, taskRuns["a-1"]?.id ?? "", state);
      pass(20);
    }
    expect(await statesOf(flowRunId)).toEqual(["Scheduled", "Running"]);
    await setTaskRunState(client, taskRuns["a-1"]?.id ?? "", { type: "Success" });
    pass(1);
    expect(await statesOf(flowRunId)).toEqual(["Scheduled", "Running", "Scheduled"]);
  });
});

test("a run that waits for its agent or is finished needs no heartbeat", async () => {
  const waiting = await runningRun(client, { running: false });
  const done = await runningRun(client);
  await setFlowRunState(client, done.flowRunId, { type: "Success" });
  pass(60);
  expect(await statesOf(waiting.flowRunId)).toEqual(["Scheduled"]);
  expect(await statesOf(done.flowRunId)).toEqual(["Scheduled", "Running", "Success"]);
});
