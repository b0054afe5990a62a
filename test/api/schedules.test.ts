import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { startApi } from "../../src/api/index.ts";
import { type ApiClient, clientOf, flowForm, openApi, register, taskForm } from "./api-client.ts";

type Json = Record<string, unknown>;

const start = Date.parse("2026-03-08T05:30:00Z");
const hour = 3_600_000;
const hourly = { type: "IntervalClock", interval: 3_600_000_000 };
const scheduled = (...clocks: Json[]): Json => flowForm("f", [taskForm("a-1")], { schedule: { clocks } });

/** An API whose time stands still until it is moved. */
async function openAt(time: number, data?: string) {
  let now = time;
  const client = await openApi({ now: () => now, ...(data === undefined ? {} : { data }) });
  return Object.assign(client, {
    move: (milliseconds: number) => {
      now += milliseconds;
    },
  });
}

const activate = ({ mutate }: ApiClient, flow_id: string) =>
  mutate("set_schedule_active", { flow_id }, "{ success error }");

async function due({ mutate, api }: ApiClient, labels: string[] = []): Promise<string[]> {
  const input = { tenant_id: api.tenantId, labels };
  return (await mutate<{ flow_run_ids: string[] }>("get_runs_in_queue", input, "{ flow_run_ids }")).flow_run_ids;
}

interface RunRow {
  readonly id: string;
  readonly scheduled_start_time: string;
}

async function runs({ send }: ApiClient): Promise<RunRow[]> {
  const query = "{ flow_run(order_by: { scheduled_start_time: asc }) { id scheduled_start_time } }";
  return (await send<{ flow_run: RunRow[] }>(query)).flow_run;
}

const times = async (client: ApiClient): Promise<string[]> =>
  (await runs(client)).map(({ scheduled_start_time: time }) => time.slice(0, 16));
const hours = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, at) => new Date(from + at * hour).toISOString().slice(0, 16));
const firstHour = Date.parse("2026-03-08T06:00:00Z");

describe("an active schedule", () => {
  test("has its next ten runs, and agents find each when its time has come", async () => {
    const client = await openAt(start);
    const { flowId } = await register(client, scheduled(hourly));
    expect(await times(client)).toEqual(hours(firstHour, 10));
    expect(await due(client)).toEqual([]);

    client.move(2 * hour);
    const [first, second] = await runs(client);
    expect(await due(client)).toEqual([first?.id, second?.id]);
    expect(await times(client)).toEqual(hours(firstHour, 12));
    expect(await due(client)).toHaveLength(2);
    expect(await times(client)).toEqual(hours(firstHour, 12));

    const { flow_run } = await client.send<{ flow_run: Json[] }>(
      "{ flow_run(limit: 1) { flow_id state auto_scheduled task_runs { state task { slug } } } }",
    );
    expect(flow_run).toEqual([
      {
        ...{ flow_id: flowId, state: "Scheduled", auto_scheduled: true },
        task_runs: [{ state: "Pending", task: { slug: "a-1" } }],
      },
    ]);
  });

  test("gives each run the parameters and labels of its clock, also of two at one time", async () => {
    const client = await openAt(start);
    const [west, east] = ["Seattle", "New York"].map((station) => ({
      ...hourly,
      parameter_defaults: { station },
      labels: [station],
    }));
    const parameters = [{ name: "station", slug: "station", required: true }];
    await register(client, { ...scheduled(west as Json, east as Json), parameters });
    client.move(hour);
    await due(client);
    const { flow_run } = await client.send("{ flow_run(limit: 2) { scheduled_start_time parameters labels } }");
    const at = "2026-03-08T06:00:00.000000+00:00";
    expect(flow_run).toEqual([
      { scheduled_start_time: at, parameters: { station: "Seattle" }, labels: ["Seattle"] },
      { scheduled_start_time: at, parameters: { station: "New York" }, labels: ["New York"] },
    ]);
    expect(await due(client, ["New York"])).toHaveLength(1);
    expect(new Set((await runs(client)).map(({ scheduled_start_time }) => scheduled_start_time)).size).toBe(6);
  });

  test("a run that was cancelled or deleted is not created again", async () => {
    const client = await openAt(start);
    await register(client, scheduled(hourly));
    const [first, second] = await runs(client);
    await client.mutate("cancel_flow_run", { flow_run_id: first?.id }, "{ state }");
    await client.mutate("delete_flow_run", { flow_run_id: second?.id }, "{ success }");
    client.move(hour);
    expect(await due(client)).toEqual([]);
    expect(await times(client)).toEqual([...hours(firstHour, 1), ...hours(firstHour + 2 * hour, 9)]);
  });

  test("can be made inactive, which takes the runs that it created, and active again", async () => {
    const client = await openAt(start);
    const { flowId: flow_id } = await register(client, scheduled(hourly));
    const { id } = await client.mutate<{ id: string }>("create_flow_run", { flow_id });
    await client.mutate("set_schedule_inactive", { flow_id }, "{ success }");
    client.move(3 * hour);
    expect(await due(client)).toEqual([id]);
    expect(await runs(client)).toHaveLength(1);
    expect(await activate(client, flow_id)).toEqual({ success: true, error: null });
    expect(await times(client)).toEqual(["2026-03-08T05:30", ...hours(firstHour + 3 * hour, 10)]);
  });

  test("ends with its flow's version, whose successor goes on", async () => {
    const client = await openAt(start);
    const { flowId, projectId } = await register(client, scheduled(hourly));
    const next = await register(client, scheduled({ ...hourly, interval: 7_200_000_000 }), projectId);
    client.move(24 * hour);
    await due(client);
    const { flow_run } = await client.send<{ flow_run: { flow_id: string }[] }>("{ flow_run { flow_id } }");
    expect(new Set(flow_run.map(({ flow_id }) => flow_id))).toEqual(new Set([next.flowId]));
    expect(await client.send("{ flow { id archived is_schedule_active } }")).toEqual({
      flow: [
        { id: flowId, archived: true, is_schedule_active: true },
        { id: next.flowId, archived: false, is_schedule_active: true },
      ],
    });
  });

  test("is caught up with when the API starts again, and no run is there twice", async () => {
    const folder = mkdtempSync(join(tmpdir(), "schedules-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const data = join(folder, "runs.db");
    const before = await startApi({ data, now: () => start });
    await register(clientOf(before), scheduled(hourly));
    await before.close();

    const client = await openAt(start + 4 * hour, data);
    expect(await times(client)).toEqual(hours(firstHour, 14));
    expect(await due(client)).toHaveLength(4);
    expect(await times(client)).toEqual(hours(firstHour, 14));
  });
});

describe("a schedule that is not activated", () => {
  test("waits: a client that registers tasks after the flow activates it when they are there", async () => {
    const client = await openAt(start);
    const project = await client.mutate<{ id: string }>("create_project", {
      ...{ tenant_id: client.api.tenantId, name: "demo" },
    });
    const { id: flow_id } = await client.mutate<{ id: string }>("create_flow", {
      ...{ project_id: project.id, serialized_flow: scheduled(hourly), set_schedule_active: false },
    });
    client.move(2 * hour);
    expect(await due(client)).toEqual([]);
    expect(await client.send("{ flow { is_schedule_active } }")).toEqual({ flow: [{ is_schedule_active: false }] });
    await activate(client, flow_id);
    expect(await runs(client)).toHaveLength(10);
  });

  test("is refused for a required parameter that a clock does not give", async () => {
    const client = await openAt(start);
    const parameters = [{ name: "station", slug: "station", required: true }];
    const form = scheduled({ ...hourly, parameter_defaults: { station: "Seattle" } }, hourly);
    const { flowId: flow_id } = await register(client, { ...form, parameters });
    expect(await runs(client)).toEqual([]);
    expect(await client.refusal("set_schedule_active", { flow_id }, "{ success }")).toContain(
      "Can not schedule a flow that has required parameters.",
    );
    expect(await client.send("{ flow { is_schedule_active } }")).toEqual({ flow: [{ is_schedule_active: false }] });
  });

  test.each([
    [{ clocks: [{ type: "RRuleClock", rrule_obj: {} }] }, "clocks.0.type"],
    [{ clocks: [hourly], filters: [{ fn: "mine.on_holidays", kwargs: {} }] }, "on_holidays"],
    [{ clocks: [{ type: "CronClock", cron: "H * * * *" }] }, "cron text cannot be read"],
    [{ clocks: [{ ...hourly, start_date: { dt: "2026-01-01", tz: "Mars" } }] }, 'in "Mars"'],
  ])("is refused when its times cannot be told: %j", async (schedule, words) => {
    const client = await openAt(start);
    const { flowId: flow_id } = await register(client, flowForm("f", [], { schedule }));
    expect(await client.refusal("set_schedule_active", { flow_id }, "{ success }")).toContain(words);
    expect(await runs(client)).toEqual([]);
  });

  test("is not there: nothing is activated", async () => {
    const client = await openAt(start);
    const { flowId } = await register(client, flowForm("f", []));
    expect(await activate(client, flowId)).toEqual({ success: false, error: null });
  });
});

test("a schedule of the group goes before the flow's own, and back when it is deleted", async () => {
  const client = await openAt(start);
  await register(client, scheduled(hourly));
  const { flow_group } = await client.send<{ flow_group: { id: string }[] }>("{ flow_group { id } }");
  const group = { flow_group_id: flow_group[0]?.id };
  const clocks = [{ type: "CronClock", cron: "0 9 * * *", parameter_defaults: {} }];
  const set = (more: Json) => client.mutate("set_flow_group_schedule", { ...group, ...more }, "{ success }");
  expect(await set({ clocks, timezone: "America/New_York" })).toEqual({ success: true });
  expect((await times(client)).slice(0, 2)).toEqual(["2026-03-08T13:00", "2026-03-09T13:00"]);
  expect(await client.refusal("set_flow_group_schedule", { ...group, clocks: [{}] }, "{ success }")).toContain(
    "Invalid clock provided for schedule",
  );
  expect(await client.mutate("delete_flow_group_schedule", group, "{ success }")).toEqual({ success: true });
  expect(await times(client)).toEqual(hours(firstHour, 10));
});
