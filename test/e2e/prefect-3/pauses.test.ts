import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { flowRunner } from "../../cli/binary.ts";
import { eventually } from "../../eventually.ts";
import { ask } from "../../prefect-3/api.ts";
import { describeWithPrefect3 } from "../../prefect-3/installed.ts";
import { sharedPrefect3 } from "../../prefect-3/shared-server.ts";
import { askPython } from "./python.ts";
import { runsAt } from "./runs.ts";

const pauses = fileURLToPath(new URL("./fixtures/pauses.ts", import.meta.url));

interface GraphNode {
  readonly id: string;
  readonly kind: string;
  readonly label: string;
  readonly state_type: string;
  readonly encapsulating: readonly { readonly id: string }[];
}

let url: string;
let folder: string;
let runs: ReturnType<typeof runsAt>;
let deployed: Readonly<Record<"bothered" | "child" | "manual" | "parent" | "pausing" | "suspending", string>>;

const notes = (id: string): string[] => {
  const log = join(folder, "log");
  const lines = existsSync(log) ? readFileSync(log, "utf8").split("\n") : [];
  return lines.filter((line) => line.startsWith(id)).map((line) => line.slice(id.length + 1));
};
/** What a worker's process would do with the run. */
const execute = (id: string, env: NodeJS.ProcessEnv = {}) =>
  flowRunner(["execute"], { env: { ...environment(), PREFECT__FLOW_RUN_ID: id, ...env } });
const environment = () => ({
  ...{ HOME: folder, PREFECT_API_URL: url, PAUSES_LOG: join(folder, "log"), PAUSES_RESULTS: join(folder, "results") },
  PREFECT__CLOUD__LOGGING_HEARTBEAT: "1",
});
const becomes = (id: string, state_name: string) =>
  eventually(async () => expect(await runs.told(id)).toMatchObject({ state_name }));
/** What the pages do when a person resumes a run there. */
const resume = (id: string, run_input?: object) =>
  ask<{ status: string; details: { reason?: string } }>(url, "POST", `/flow_runs/${id}/resume`, { run_input });
const tasks = async (id: string) =>
  Object.fromEntries((await runs.tasks(id)).map(({ name, state_type }) => [name, state_type]));

const logged = async (id: string) => (await runs.logs(id)).map(({ message }) => message).join("\n");
const handedBack = { exitCode: 0, err: expect.stringContaining("was handed back to the API") };

describeWithPrefect3("a flow run of Prefect 3 that waits", () => {
  beforeAll(async () => {
    url = await sharedPrefect3();
    folder = mkdtempSync(join(tmpdir(), "pauses-"));
    runs = runsAt(url);
    const words = ["deploy", pauses, "--api", url, "--work-pool", "pauses-test", "--create-pool", "process"];
    const { out, err, exitCode } = await flowRunner([...words, "--directory", join(folder, "flows")], {
      env: environment(),
    });
    expect({ err, exitCode }).toEqual({ err: "", exitCode: 0 });
    const [bothered = "", child = "", manual = "", parent = "", pausing = "", suspending = ""] = out.trim().split("\n");
    deployed = { bothered, child, manual, parent, pausing, suspending };
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("pauses for a task that asks for input, and goes on with what Prefect's own client or its pages give it", async () => {
    const [first, second] = await Promise.all([runs.create(deployed.pausing), runs.create(deployed.pausing)]);
    const ended = Promise.all([execute(first), execute(second)]);
    await Promise.all([becomes(first, "Paused"), becomes(second, "Paused")]);
    const inputs = [
      { limit: 0, by: "nobody" },
      { limit: 5, by: "python" },
    ];
    const python = await askPython<{ state: string; schema: object; refused: string }>(
      ...(["resume_run.py", url, folder, first, JSON.stringify(inputs)] as const),
    );
    expect(python.schema).toMatchObject({
      type: "object",
      properties: { limit: { type: "integer", minimum: 1, default: 100 }, by: { type: "string" } },
      required: ["by"],
    });
    expect(python.refused).toContain("Cannot resume this run");
    expect(await resume(second, {})).toMatchObject({ status: "REJECT" });
    expect(notes(second)).toEqual(["first", "approve"]);
    expect(await resume(second, { by: "pages" })).toMatchObject({ status: "ACCEPT" });
    for (const { exitCode, err } of await ended) expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
    expect(await runs.told(first)).toMatchObject({ state_name: "Completed" });
    expect(notes(first)).toEqual(["first", "approve", 'last {"limit":5,"by":"python"}']);
    expect(notes(second)).toEqual(["first", "approve", 'last {"limit":100,"by":"pages"}']);
  });

  it("fails when nobody resumes it in time, and is cancelled while it is paused", async () => {
    const [late, cancelled] = await Promise.all([
      runs.create(deployed.pausing, { parameters: { timeout: 1_500 } }),
      runs.create(deployed.pausing),
    ]);
    const ended = Promise.all([execute(late), execute(cancelled)]);
    await becomes(cancelled, "Paused");
    await runs.cancel(cancelled);
    expect((await ended).map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    const told = await runs.told(late);
    expect(told).toMatchObject({ state_type: "FAILED" });
    expect(told.state.message).toMatch(/never resumed/);
    expect(notes(late)).toEqual(["first", "approve"]);
    expect(await runs.told(cancelled)).toMatchObject({ state_type: "CANCELLED" });
    await eventually(async () => {
      expect(await tasks(late)).toMatchObject({ "approve-0": "FAILED" });
      expect(await tasks(cancelled)).toMatchObject({ "approve-0": "CANCELLED" });
    });
  });

  it("is suspended by a task: its process ends, and the next one goes on with the input", async () => {
    const id = await runs.create(deployed.suspending);
    expect(await execute(id)).toMatchObject(handedBack);
    expect(await runs.told(id)).toMatchObject({ state_type: "PAUSED", state_name: "Suspended" });
    // One that is started for it all the same leaves it.
    expect(await execute(id)).toMatchObject(handedBack);
    expect(await runs.told(id)).toMatchObject({ state_type: "PAUSED", state_name: "Suspended" });
    expect(notes(id)).toEqual(["first", "suspends"]);
    // The server records task runs from their events, after it has answered: a person takes longer than that.
    await eventually(async () => expect(await tasks(id)).toMatchObject({ "first-0": "COMPLETED" }));
    expect(await resume(id, { by: "a person" })).toMatchObject({ status: "ACCEPT" });
    expect(await runs.told(id)).toMatchObject({ state_name: "Resuming" });
    expect(await execute(id)).toMatchObject({ exitCode: 0, err: "" });
    expect(await runs.told(id)).toMatchObject({ state_name: "Completed" });
    expect(notes(id)).toEqual([...["first", "suspends", "suspends", "goes on"], 'last {"limit":100,"by":"a person"}']);
  });

  it("is suspended when a task pauses itself, or runs by hand alone, and goes on where it is resumed", async () => {
    const id = await runs.create(deployed.manual);
    expect(await execute(id)).toMatchObject(handedBack);
    const told = await runs.told(id);
    expect(told).toMatchObject({ state_name: "Suspended", state: { message: expect.stringContaining("'signs'") } });
    await eventually(async () => expect(await tasks(id)).toMatchObject({ "signs-0": "PAUSED" }));
    await resume(id);
    expect(await execute(id)).toMatchObject(handedBack);
    expect(await runs.told(id)).toMatchObject({ state: { message: expect.stringContaining("'by hand'") } });
    await eventually(async () => expect(await tasks(id)).toMatchObject({ "by hand-0": "PAUSED" }));
    await resume(id);
    expect(await execute(id)).toMatchObject({ exitCode: 0, err: "" });
    expect(await runs.told(id)).toMatchObject({ state_name: "Completed" });
    expect(notes(id)).toEqual(["first", "signs", "signs", "signed", "by hand", "last undefined"]);
  });

  it("starts no task while a person has paused it, and ends its process when a person suspends it", async () => {
    const [paused, suspended] = await Promise.all([runs.create(deployed.bothered), runs.create(deployed.bothered)]);
    const [first, second] = [execute(paused), execute(suspended)];
    await eventually(() => expect([...notes(paused), ...notes(suspended)]).toEqual(["busy", "busy"]));
    const set = (id: string, state: object, force = false) =>
      ask<{ status: string }>(url, "POST", `/flow_runs/${id}/set_state`, {
        state: { type: "PAUSED", ...state },
        force,
      });
    expect(await set(paused, { name: "Paused" })).toMatchObject({ status: "ACCEPT" });
    // What the button of its pages does.
    const details = { pause_timeout: new Date(Date.now() + 300_000).toISOString(), pause_reschedule: true };
    await set(suspended, { name: "Suspended", state_details: details }, true);
    await eventually(async () => {
      expect(await logged(paused)).toContain("The flow run is paused.");
      expect(await logged(suspended)).toContain("The flow run is suspended.");
    });
    for (const id of [paused, suspended]) writeFileSync(join(folder, `log-${id}`), "");
    expect(await second).toMatchObject(handedBack);
    // The server records task runs from their events, after it has answered: a person takes longer than that.
    await eventually(async () => {
      for (const id of [paused, suspended]) expect(await tasks(id)).toMatchObject({ "busy-0": "COMPLETED" });
    });
    expect([...notes(paused), ...notes(suspended)]).toEqual(["busy", "busy"]);
    await Promise.all([resume(paused), resume(suspended)]);
    expect(await first).toMatchObject({ exitCode: 0, err: "" });
    expect(await execute(suspended)).toMatchObject({ exitCode: 0, err: "" });
    for (const id of [paused, suspended]) {
      expect(await runs.told(id)).toMatchObject({ state_name: "Completed" });
      expect(notes(id)).toEqual(["busy", "last 1"]);
    }
  });

  it("runs another deployment from a task, as its subflow, and another one when that has failed", async () => {
    const id = await runs.create(deployed.parent, { parameters: { child: "child/child" } });
    const ended = execute(id);
    const children = () =>
      ask<{ id: string; parent_task_run_id: string }[]>(url, "POST", "/flow_runs/filter", {
        flow_runs: { tags: { all_: ["child"] }, parent_flow_run_id: { any_: [id] } },
        sort: "EXPECTED_START_TIME_ASC",
      });
    await eventually(async () => expect(await children()).toHaveLength(1));
    const [failing = { id: "" }] = await children();
    expect(await execute(failing.id, { PAUSES_FAILING: failing.id })).toMatchObject({ exitCode: 0 });
    await eventually(async () => expect(await children()).toHaveLength(2));
    const [, going = { id: "" }] = await children();
    await execute(going.id);
    expect(await ended).toMatchObject({ exitCode: 0, err: "" });
    expect(notes(id)).toEqual(["child FAILED", "child COMPLETED", 'last "COMPLETED"']);
    expect(notes(going.id)).toEqual(["quick 1"]);
    await eventually(async () => {
      const graph = await ask<{ nodes: [string, GraphNode][] }>(url, "GET", `/flow_runs/${id}/graph-v2`);
      const nodes = new Map(graph.nodes.map(([, node]) => [node.id, node]));
      expect(nodes.get(going.id)).toMatchObject({ kind: "flow-run", state_type: "COMPLETED" });
      const [around] = nodes.get(going.id)?.encapsulating ?? [];
      expect(nodes.get(around?.id ?? "")).toMatchObject({ kind: "task-run", label: "starts-0" });
    });
  });
});
