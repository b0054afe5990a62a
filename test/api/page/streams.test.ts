import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EventSource } from "eventsource";
import { expect, onTestFinished, test } from "vitest";
import type { RunChanges } from "../../../src/api/live/view.ts";
import { eventually } from "../../eventually.ts";
import { type ApiClient, openApi, runningRun, setFlowRunState, setTaskRunState } from "../api-client.ts";

interface Told {
  readonly event: string;
  readonly id: string;
  readonly data: unknown;
}

/** What a page is told on a stream, in order. */
function follow(url: string, lastEventId = ""): Told[] {
  const told: Told[] = [];
  const source = new EventSource(url, {
    fetch: (address, init) =>
      fetch(address, { ...init, headers: { ...init.headers, ...(lastEventId && { "last-event-id": lastEventId }) } }),
  });
  onTestFinished(() => source.close());
  for (const event of ["runs", "snapshot", "changes", "gone"]) {
    source.addEventListener(
      event,
      ({ data, lastEventId: id }) => void told.push({ event, id, data: JSON.parse(data) }),
    );
  }
  return told;
}

const runUrl = ({ api }: ApiClient, id: string): string => `${api.url}/page/runs/${id}`;
const arrived = (told: readonly Told[], count: number) =>
  eventually(() => expect(told.length).toBeGreaterThanOrEqual(count));
const statesIn = ({ data }: Told): string[] => (data as RunChanges).taskRuns.map(({ state }) => state);

test("a run is told whole, and then what changes in it, and nothing of other runs", async () => {
  const client = await openApi();
  const run = await runningRun(client);
  const [a, b] = [run.taskRuns["a-1"]?.id ?? "", run.taskRuns["b-1"]?.id ?? ""];
  const told = follow(runUrl(client, run.flowRunId));
  await arrived(told, 1);
  expect(told[0]).toMatchObject({
    event: "snapshot",
    data: { run: { state: "Running" }, logs: { lines: [], more: false } },
  });
  expect(told.slice(0, 1).flatMap(statesIn)).toHaveLength(2);

  const other = await runningRun(client);
  await setTaskRunState(client, other.taskRuns["a-1"]?.id ?? "", { type: "Running" });
  await setTaskRunState(client, a, { type: "Running" });
  await arrived(told, 2);
  expect(told[1]).toMatchObject({ event: "changes", data: { taskRuns: [{ id: a, state: "Running" }], logs: [] } });

  const line = { flow_run_id: run.flowRunId, task_run_id: b, level: "INFO", message: "<b>hello</b>" };
  await client.mutate("write_run_logs", { logs: [line] }, "{ success }");
  await arrived(told, 3);
  expect(told[2]).toMatchObject({
    event: "changes",
    data: { taskRuns: [], logs: [{ taskRun: b, message: "<b>hello</b>" }] },
  });

  await client.mutate("delete_flow_run", { flow_run_id: run.flowRunId }, "{ success }");
  await arrived(told, 4);
  expect(told[3]?.event).toBe("gone");
});

test("who comes back is told what has changed since; everything, where runs were removed meanwhile", async () => {
  const client = await openApi();
  const run = await runningRun(client);
  const other = await runningRun(client);
  const a = run.taskRuns["a-1"]?.id ?? "";
  const first = follow(runUrl(client, run.flowRunId));
  await arrived(first, 1);
  await setTaskRunState(client, a, { type: "Running" });
  const again = follow(runUrl(client, run.flowRunId), first[0]?.id);
  await arrived(again, 1);
  expect(again[0]).toMatchObject({ event: "changes", data: { taskRuns: [{ id: a, state: "Running" }] } });

  // The rows of the next states get the numbers of these.
  await client.mutate("delete_flow_run", { flow_run_id: other.flowRunId }, "{ success }");
  await setTaskRunState(client, a, { type: "Success" });
  const late = follow(runUrl(client, run.flowRunId), again[0]?.id);
  await arrived(late, 1);
  expect(late[0]?.event).toBe("snapshot");
  expect(late.flatMap(statesIn)).toContain("Success");
  const elsewhere = follow(runUrl(client, run.flowRunId), "of another API");
  await arrived(elsewhere, 1);
  expect(elsewhere[0]?.event).toBe("snapshot");
});

test("the list is told anew when it reads otherwise, by flow and by state, also when another process changes it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "flow-runner-streams-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const data = join(folder, "api.db");
  const [client, elsewhere] = [await openApi({ data }), await openApi({ data })];
  const run = await runningRun(client);
  const all = follow(`${client.api.url}/page/runs`);
  const failed = follow(`${client.api.url}/page/runs?state=Failed&flow=pair`);
  await Promise.all([arrived(all, 1), arrived(failed, 1)]);
  expect(all[0]?.data).toMatchObject({
    runs: [{ id: run.flowRunId, flow: "pair", state: "Running" }],
    flows: ["pair"],
  });
  expect(failed[0]?.data).toMatchObject({ runs: [] });
  await setFlowRunState(elsewhere, run.flowRunId, { type: "Failed", message: "no luck" });
  await Promise.all([arrived(all, 2), arrived(failed, 2)]);
  expect(failed[1]?.data).toMatchObject({ runs: [{ id: run.flowRunId, state: "Failed", message: "no luck" }] });
  const wrong = await fetch(`${client.api.url}/page/runs?limit=0`);
  expect([wrong.status, await wrong.json()]).toMatchObject([400, { error: expect.stringContaining("limit") }]);
});
