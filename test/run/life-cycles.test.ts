import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { eventually } from "../eventually.ts";
import { type Deployed, deploy } from "./deployed.ts";

const folder = mkdtempSync(join(tmpdir(), "life-cycles-"));
/** A file that lets the bodies go on that wait. */
const gate = join(folder, "gate");
let deployed: Deployed;
beforeAll(async () => {
  deployed = await deploy(join(import.meta.dirname, "fixtures/life-cycles.ts"));
  vi.stubEnv("LIFE_CYCLES_GATE", gate);
});
beforeEach(() => rmSync(gate, { force: true }));
afterAll(async () => {
  vi.unstubAllEnvs();
  await deployed.close();
  rmSync(folder, { recursive: true });
});

/** Sets a task run's state while a body waits, which goes on then. */
async function setWhileWaiting(id: string, slug: string, state: object): Promise<void> {
  await deployed.setTaskState(id, slug, state);
  writeFileSync(gate, "");
}

/** Executes a run in one process; does something when its log says a line for the first time. */
async function execute(id: string, on: Readonly<Record<string, () => unknown>> = {}, env: NodeJS.ProcessEnv = {}) {
  const lines: string[] = [];
  const done: unknown[] = [];
  const outcome = await deployed.execute(id, {
    env,
    onLog: ({ message }) => {
      const action = Object.entries(on).find(
        ([line]) => message.includes(line) && !lines.some((each) => each.includes(line)),
      );
      lines.push(message);
      if (action !== undefined) done.push(action[1]());
    },
  });
  await Promise.all(done);
  const told = await deployed.told(id);
  return { outcome, lines, told, flow: told.states.map(({ state }) => state) };
}

async function limit(kind: "task_tag" | "flow_label", name: string, most: number): Promise<void> {
  const by = kind === "task_tag" ? "tag" : "label";
  const field = `update_${kind}_limit(input: $input) { id }`;
  await deployed.send(`mutation($input: update_${kind}_limit_input!) { ${field} }`, {
    input: { [by]: name, limit: most },
  });
}

async function labelledRun(name: string, label: string): Promise<string> {
  const id = await deployed.run(name);
  await deployed.send(
    "mutation($id: UUID!, $labels: [String!]!) { set_flow_run_labels(input: { flow_run_id: $id, labels: $labels }) { success } }",
    {
      id,
      labels: [label],
    },
  );
  return id;
}

describe("a cancellation", () => {
  it("ends a task that holds its thread", async () => {
    const id = await deployed.run("spinning");
    const { outcome, told, flow } = await execute(id, { "the body spins": () => deployed.cancel(id) });
    expect([outcome.state.type, outcome.conclusion]).toEqual(["Cancelled", "finished"]);
    expect(flow).toEqual(["Scheduled", "Running", "Cancelling", "Cancelled"]);
    expect(told.types("first-1").at(-1)).toBe("Success");
    expect(told.types("spins-1").at(-1)).toBe("Cancelled");
    expect(told.types("last-1").at(-1)).toBe("Cancelled");
  });

  it("does not wait for a retry that is far away", async () => {
    const id = await deployed.run("retrying");
    const { outcome, told, flow } = await execute(id, { "attempt 1 of 2 failed": () => deployed.cancel(id) });
    expect([outcome.state.type, outcome.conclusion]).toEqual(["Cancelled", "finished"]);
    expect(flow).toEqual(["Scheduled", "Running", "Cancelling", "Cancelled"]);
    expect(told.types("fails-1").at(-1)).toBe("Cancelled");
  });

  it("is seen by a process that is told to stop before its next look", async () => {
    const id = await deployed.run("spinning");
    const stop = new AbortController();
    const outcome = await deployed.execute(id, {
      env: { PREFECT__CLOUD__CHECK_CANCELLATION_INTERVAL: "60" },
      signal: stop.signal,
      onLog: ({ message }) => {
        if (message.includes("the body spins")) void deployed.cancel(id).then(() => stop.abort("SIGTERM"));
      },
    });
    expect([outcome.state.type, outcome.conclusion]).toEqual(["Cancelled", "finished"]);
    expect((await deployed.told(id)).states.map(({ state }) => state).at(-1)).toBe("Cancelled");
  });

  it("before the first task lets none run", async () => {
    const id = await deployed.run("plain");
    const { outcome, told, lines } = await execute(id, { "Beginning Flow run": () => deployed.cancel(id) });
    expect(told.state).toBe("Cancelled");
    expect(outcome.state.type === "Cancelled" || outcome.conclusion === "left").toBe(true);
    expect(lines).not.toContain("first");
    expect(told.types("first-1")).not.toContain("Running");
  });

  it("of a run that has not begun is final", async () => {
    const id = await deployed.run("plain");
    await deployed.cancel(id);
    const { outcome, flow } = await execute(id);
    expect([outcome.conclusion, flow]).toEqual(["left", ["Scheduled", "Cancelled"]]);
  });

  it("that comes while the flow run is Queued ends it, and it never becomes Running", async () => {
    await limit("flow_label", "cancelled while queued", 0);
    const id = await labelledRun("plain", "cancelled while queued");
    const { told, flow, lines } = await execute(id, { "The API has queued this run": () => deployed.cancel(id) });
    expect(flow).toEqual(["Scheduled", "Queued", "Cancelled"]);
    expect(told.state).toBe("Cancelled");
    expect(lines).not.toContain("first");
  });

  it("that comes while the flow run is Queued is final also when there is room again", async () => {
    await limit("flow_label", "room after all", 0);
    const id = await labelledRun("plain", "room after all");
    const { flow } = await execute(
      id,
      {
        "The API has queued this run": async () => {
          await deployed.cancel(id);
          await limit("flow_label", "room after all", 1);
        },
      },
      { PREFECT__CLOUD__QUEUE_INTERVAL: "0.2" },
    );
    expect(flow).toEqual(["Scheduled", "Queued", "Cancelled"]);
  });

  it("that comes while a task is Queued ends both", async () => {
    await limit("task_tag", "db", 0);
    const id = await deployed.run("limited");
    const cancelled = cancelWhen(id, "db-db-1", "Queued");
    const { outcome, told, flow } = await execute(id);
    await cancelled;
    await limit("task_tag", "db", 1);
    expect(outcome.state.type).toBe("Cancelled");
    expect(flow).toEqual(["Scheduled", "Running", "Cancelling", "Cancelled"]);
    expect(told.types("db-db-1")).toEqual(["Pending", "Queued", "Cancelled"]);
  });
});

/** Cancels a run as soon as one of its task runs is in that state. */
async function cancelWhen(id: string, slug: string, state: string): Promise<void> {
  await eventually(async () => expect((await deployed.told(id)).types(slug).at(-1)).toBe(state));
  await deployed.cancel(id);
}

describe("a concurrency limit", () => {
  const soon = { PREFECT__CLOUD__QUEUE_INTERVAL: "0.2" };

  it("holds a flow run back, in this process, until there is room", async () => {
    await limit("flow_label", "one", 0);
    const id = await labelledRun("plain", "one");
    const { outcome, flow } = await execute(
      id,
      { "The API has queued this run": () => limit("flow_label", "one", 1) },
      soon,
    );
    expect([outcome.state.type, flow]).toEqual(["Success", ["Scheduled", "Queued", "Running", "Success"]]);
  });

  it("holds a task back until there is room, and the others go on", async () => {
    await limit("task_tag", "db", 0);
    const id = await deployed.run("limited");
    const { outcome, told } = await execute(
      id,
      { "The API has queued this task run": () => limit("task_tag", "db", 1) },
      soon,
    );
    expect(outcome.state.type).toBe("Success");
    expect(told.types("db-db-1")).toEqual(["Pending", "Queued", "Running", "Success"]);
  });

  it("that lasts longer than this process waits hands the run back, and the next one goes on", async () => {
    await limit("flow_label", "long", 0);
    const id = await labelledRun("plain", "long");
    const short = { FLOW_RUNNER__WAIT_LIMIT: "1s", PREFECT__CLOUD__QUEUE_INTERVAL: "5" };
    const first = await execute(id, {}, short);
    expect([first.outcome.conclusion, first.outcome.delivery.complete, first.told.state]).toEqual([
      "handedBack",
      true,
      "Queued",
    ]);
    await limit("flow_label", "long", 1);
    expect((await execute(id, {}, { FLOW_RUNNER__WAIT_LIMIT: "1m" })).outcome.state.type).toBe("Success");
  });

  it("on a task that lasts longer than this process waits hands the run back", async () => {
    await limit("task_tag", "db", 0);
    const id = await deployed.run("limited");
    const { outcome, told } = await execute(
      id,
      {},
      { FLOW_RUNNER__WAIT_LIMIT: "1s", PREFECT__CLOUD__QUEUE_INTERVAL: "5" },
    );
    expect([outcome.conclusion, told.state]).toEqual(["handedBack", "Running"]);
    expect(told.types("db-db-1")).toEqual(["Pending", "Queued"]);
    await limit("task_tag", "db", 1);
  });
});

describe("a person who sets a task run's state", () => {
  it("while its body runs has the last word: the flow goes on from it", async () => {
    const id = await deployed.run("waiting");
    const done = { type: "Success", message: "done by hand", _result: { type: "PrefectResult", location: "1" } };
    const { outcome, told } = await execute(id, { "the body waits": () => setWhileWaiting(id, "waits-1", done) });
    expect(outcome.state.type).toBe("Success");
    expect(told.types("waits-1")).toEqual(["Pending", "Running", "Success"]);
    expect(told.types("last-1").at(-1)).toBe("Success");
  });

  it("to Failed fails what comes below", async () => {
    const id = await deployed.run("waiting");
    const failed = { type: "Failed", message: "failed by hand" };
    const { outcome, told } = await execute(id, {
      "the body waits": () => setWhileWaiting(id, "waits-1", failed),
    });
    expect(outcome.state.type).toBe("Failed");
    expect(told.types("waits-1")).toEqual(["Pending", "Running", "Failed"]);
    expect(told.types("last-1").at(-1)).toBe("TriggerFailed");
  });

  it.each([
    ["Paused", null],
    ["Scheduled", new Date(Date.now() + 3_600_000).toISOString()],
  ])("to %s before it has begun keeps it from running, until somebody lets it", async (type, startTime) => {
    const id = await deployed.run("waiting");
    const heldBack = { type, message: "not yet", start_time: startTime };
    const { outcome, told, lines } = await execute(id, {
      "the body waits": () => setWhileWaiting(id, "last-1", heldBack),
    });
    expect([outcome.conclusion, told.state]).toEqual(["handedBack", "Running"]);
    expect(told.types("last-1")).toEqual(["Pending", type]);
    expect(lines).not.toContain("last");
    await deployed.setTaskState(id, "last-1", { type: "Resume", message: "now" });
    expect((await execute(id)).outcome.state.type).toBe("Success");
  });

  it("while it is Queued is not overruled when there is room", async () => {
    await limit("task_tag", "db", 0);
    const id = await deployed.run("limited");
    const done = { type: "Success", message: "done by hand", _result: { type: "PrefectResult", location: "1" } };
    const { outcome, told, lines } = await execute(
      id,
      {
        "The API has queued this task run": async () => {
          await deployed.setTaskState(id, "db-db-1", done);
          await limit("task_tag", "db", 1);
        },
      },
      { PREFECT__CLOUD__QUEUE_INTERVAL: "0.5" },
    );
    expect(outcome.state.type).toBe("Success");
    expect(told.types("db-db-1")).toEqual(["Pending", "Queued", "Success"]);
    expect(lines).not.toContain("db");
  });
});

describe("a task that waits for a person", () => {
  const resume = { type: "Resume", message: "approved", start_time: null };

  it.each([
    ["manual_only", "approved", "release-1", "release", 1],
    ["a pause in its body", "asking", "asks-1", "asks, resumed", 1],
  ])("(%s) hands the run back, and goes on once it is resumed", async (_, name, slug, line, times) => {
    const id = await deployed.run(name);
    const before = await execute(id);
    expect([before.outcome.conclusion, before.outcome.delivery.complete]).toEqual(["handedBack", true]);
    expect(before.told.state).toBe("Running");
    expect(before.told.types(slug).at(-1)).toBe("Paused");
    expect(before.lines).not.toContain(line);
    // A container that comes without anybody's word changes nothing.
    const idle = await execute(id);
    expect([idle.outcome.conclusion, idle.told.types(slug).at(-1)]).toEqual(["handedBack", "Paused"]);
    await deployed.setTaskState(id, slug, resume);
    const after = await execute(id);
    expect(after.outcome.state.type).toBe("Success");
    expect([...before.lines, ...idle.lines, ...after.lines].filter((each) => each === line)).toHaveLength(times);
    expect(after.told.types("first-1")).toEqual(["Pending", "Running", "Success"]);
  });

  it("(manual_only) and is merely scheduled again asks again, as in Prefect", async () => {
    const id = await deployed.run("approved");
    await execute(id);
    await deployed.setTaskState(id, "release-1", { type: "Scheduled", message: "again" });
    const { told, outcome } = await execute(id);
    expect(outcome.conclusion).toBe("handedBack");
    expect(told.types("release-1").slice(-2)).toEqual(["Scheduled", "Paused"]);
  });

  it("until a certain time goes on by itself when that has come", async () => {
    const id = await deployed.run("resting");
    const before = await execute(id);
    expect([before.outcome.conclusion, before.told.types("rests-1").at(-1)]).toEqual(["handedBack", "Paused"]);
    const after = await execute(id);
    expect(after.outcome.state.type).toBe("Success");
    expect([...before.lines, ...after.lines].filter((line) => line === "rested")).toHaveLength(1);
  });

  it("as Prefect 0.7 says it, for ten years, is left alone", async () => {
    const id = await deployed.run("plain");
    const tenYears = new Date(Date.now() + 10 * 365 * 24 * 3_600_000).toISOString();
    await deployed.setTaskState(id, "last-1", { type: "Paused", message: "0.7", start_time: tenYears });
    const { outcome, told, lines } = await execute(id);
    expect([outcome.conclusion, told.types("last-1").at(-1)]).toEqual(["handedBack", "Paused"]);
    expect(lines).not.toContain("last");
  });
});

describe("a retry that is further away than this process waits", () => {
  it("hands the run back with the retry in the API, and nothing is lost", async () => {
    const id = await deployed.run("retrying");
    const { outcome, told } = await execute(id, {}, { FLOW_RUNNER__WAIT_LIMIT: "1s" });
    expect([outcome.conclusion, outcome.delivery.complete, told.state]).toEqual(["handedBack", true, "Running"]);
    expect(told.types("fails-1")).toEqual(["Pending", "Running", "Failed", "Retrying"]);
    expect(told.types("last-1")).toEqual(["Pending"]);
  });
});
