import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ask } from "../../prefect-3/api.ts";
import { describeWithPrefect3 } from "../../prefect-3/installed.ts";
import { type Asked, type InItsPlace, type Proxy3, startProxy3 } from "../../prefect-3/proxy.ts";
import { sharedPrefect3 } from "../../prefect-3/shared-server.ts";
import { type Deployed3, type HeldTaskRun, saved } from "./deployed.ts";

let url: string;
let proxy: Proxy3;
let deployed: Deployed3;

/** Of a set_state: the type of the state that is proposed; null: it is another request. */
const proposed = ({ path, body }: Asked): string | null =>
  path.endsWith("/set_state") ? JSON.parse(body).state.type : null;

/** The flow run's states, oldest first. */
const states = async (id: string): Promise<string[]> => {
  const all = await ask<{ name: string; timestamp: string }[]>(url, "GET", `/flow_run_states/?flow_run_id=${id}`);
  return all.toSorted((one, other) => one.timestamp.localeCompare(other.timestamp)).map(({ name }) => name);
};
const completed = (runs: readonly HeldTaskRun[]) => runs.every(({ state }) => state.type === "COMPLETED");

describeWithPrefect3("the orchestrator of a Prefect 3 server", () => {
  beforeAll(async () => {
    url = await sharedPrefect3();
    proxy = await startProxy3(url);
    deployed = await saved(proxy.url, fileURLToPath(new URL("./fixtures/patchy.ts", import.meta.url)));
  });
  beforeEach(() => proxy.answer(() => null));
  afterAll(() => {
    deployed.close();
    proxy.close();
  });

  const patchy = (more: object = {}, file = "ready") => {
    const path = join(deployed.folder, file);
    if (file === "ready") writeFileSync(path, "");
    return deployed.run("patchy", { file: path }, more);
  };

  describe("has a flow's own retries", () => {
    test("waited for and run here, without what has persisted its result", async () => {
      const id = await deployed.run("stubborn", { file: join(deployed.folder, "mended") });
      const lines: string[] = [];
      const outcome = await deployed.execute(id, {
        onLog: ({ message }) => {
          lines.push(message);
          if (message.includes("It is retried")) writeFileSync(join(deployed.folder, "mended"), "");
        },
      });
      expect(outcome).toMatchObject({ conclusion: "finished", state: { type: "Success" } });
      // As Python's engine tells it; the server takes whole seconds.
      const empirical_policy = { retries: 2, retry_delay: 1 };
      expect(await deployed.flowRun(id)).toMatchObject({
        state: { type: "COMPLETED" },
        run_count: 2,
        empirical_policy,
      });
      expect(lines.filter((line) => line.startsWith("number")).toSorted()).toEqual([
        "number 1",
        "number 2",
        "number 2",
        "number 3",
      ]);
      expect(await states(id)).toEqual(["Pending", "Running", "AwaitingRetry", "Running", "Completed"]);
      const runs = await deployed.recorded(id, (all) => all.length === 4 && completed(all));
      expect(runs.map(({ name }) => name).toSorted()).toEqual(["number-0", "number-1", "number-2", "total-0"]);
    });

    test.each([
      { of: "the flow", flow: "stubborn", env: { PREFECT_FLOWS_DEFAULT_RETRY_DELAY_SECONDS: "120" }, attempts: 3 },
      { of: "the configuration", flow: "patchy", env: { PREFECT_FLOWS_DEFAULT_RETRIES: "1" }, attempts: 2 },
      { of: "the run", flow: "stubborn", more: { empirical_policy: { retries: 0 } }, attempts: 1 },
    ])("as many as $of says, and is Failed then", async ({ flow, env = {}, more = {}, attempts }) => {
      const id = await deployed.run(flow, { file: join(deployed.folder, "never") }, more);
      expect(await deployed.execute(id, { env })).toMatchObject({ conclusion: "finished", state: { type: "Failed" } });
      expect(await deployed.flowRun(id)).toMatchObject({ state: { type: "FAILED" }, run_count: attempts });
    });

    test("cancelled while the next one is waited for", async () => {
      const id = await patchy({ empirical_policy: { retries: 1, retry_delay: 120 } }, "never");
      const outcome = await deployed.execute(id, {
        onLog: ({ message }) => {
          if (message.includes("It is retried")) void deployed.setState(id, { type: "CANCELLING" });
        },
      });
      expect(outcome.state.type).toBe("Cancelled");
      expect(await deployed.flowRun(id)).toMatchObject({ state: { type: "CANCELLED" }, run_count: 1 });
    });

    test("given to another process where this one is to leave meanwhile", async () => {
      const id = await patchy({ empirical_policy: { retries: 1, retry_delay: 120 } }, "never");
      const stop = new AbortController();
      const outcome = await deployed.execute(id, {
        signal: stop.signal,
        env: { FLOW_RUNNER__ON_STOP: "reschedule" },
        onLog: ({ message }) => {
          if (message.includes("It is retried")) stop.abort("SIGTERM");
        },
      });
      expect(outcome.conclusion).toBe("handedBack");
      const held = await ask<{ state: object; empirical_policy: object }>(url, "GET", `/flow_runs/${id}`);
      // Else workers pass it over.
      expect(held).toMatchObject({ state: { name: "AwaitingRetry" }, empirical_policy: { retry_type: "reschedule" } });
    });
  });

  describe("is obeyed", () => {
    test("WAIT: a run that is due later begins then", async () => {
      const due = new Date(Date.now() + 2_000).toISOString();
      const id = await patchy({ state: { type: "SCHEDULED", state_details: { scheduled_time: due } } });
      await deployed.setState(id, { type: "PENDING" });
      await deployed.execute(id);
      const run = await ask<{ start_time: string; state: object }>(url, "GET", `/flow_runs/${id}`);
      expect(run).toMatchObject({ state: { type: "COMPLETED" } });
      // The server rounds the wait that it asks for to the nearest second.
      expect(Date.parse(run.start_time)).toBeGreaterThanOrEqual(Date.parse(due) - 1_000);
    });

    test("ABORT: nothing of the flow runs, and nothing more is told", async () => {
      const id = await patchy();
      const abort = { status: "ABORT", state: null, details: { type: "abort_details", reason: "not today" } };
      proxy.answer((asked) => (proposed(asked) === null ? null : { status: 200, body: JSON.stringify(abort) }));
      const lines: string[] = [];
      const outcome = await deployed.execute(id, { onLog: ({ message }) => void lines.push(message) });
      expect(outcome).toMatchObject({ conclusion: "left", message: "not today" });
      expect(lines.filter((line) => line.startsWith("number"))).toEqual([]);
      expect(await states(id)).toEqual(["Pending"]);
    });

    test("REJECT: a state whose answer was lost is not entered twice", async () => {
      const id = await patchy();
      const lost = new Set<string>();
      proxy.answer((asked) => {
        const type = proposed(asked);
        if (type === null || lost.has(type)) return null;
        lost.add(type);
        return "lost";
      });
      await deployed.execute(id);
      expect(await states(id)).toEqual(["Pending", "Running", "Completed"]);
    });

    test.each(["RUNNING", "COMPLETED"])(
      "REJECT: a run that is cancelled as it is to be %s is Cancelled",
      async (at) => {
        const id = await patchy();
        proxy.answer(async (asked) => {
          if (proposed(asked) === at) await ask(url, "POST", `/flow_runs/${id}/set_state`, cancelling);
          return null;
        });
        const { state } = await deployed.execute(id);
        expect(state.type).toBe("Cancelled");
        expect((await states(id)).slice(-2)).toEqual(["Cancelling", "Cancelled"]);
      },
    );

    test("ABORT: a cancellation after the end changes nothing, and a run that is over is not begun", async () => {
      const id = await patchy();
      await deployed.execute(id);
      expect((await deployed.setState(id, { type: "CANCELLING" })).status).toBe("ABORT");
      expect(await deployed.execute(id)).toMatchObject({ conclusion: "left" });
      expect(await states(id)).toEqual(["Pending", "Running", "Completed"]);
    });

    test("but for who takes this process for dead: what it ends as is true", async () => {
      const id = await patchy();
      let isSaid = false;
      proxy.answer(async (asked) => {
        // Between the last task and the end, where the process looks once more.
        if (asked.path === "/events" && asked.body.includes("total-0") && !isSaid) {
          isSaid = true;
          await ask(url, "POST", `/flow_runs/${id}/set_state`, { state: { type: "CRASHED" }, force: true });
        }
        return null;
      });
      await deployed.execute(id);
      expect(await states(id)).toEqual(["Pending", "Running", "Crashed", "Completed"]);
    });
  });

  test("in trouble is waited for: 429 with its seconds, a load balancer's pages, whatever their status", async () => {
    const id = await patchy();
    const page = { body: "<html><body>Bad gateway</body></html>", headers: { "content-type": "text/html" } };
    const troubles: InItsPlace[] = [
      { status: 429, body: "", headers: { "retry-after": "0.2" } },
      ...[502, 200, 404].map((status) => ({ status, ...page })),
    ];
    const left = new Map(["RUNNING", "COMPLETED", "/events"].map((what) => [what, [...troubles]]));
    left.set("/logs/", troubles.slice(0, 1));
    // Taken, and gone with the process that held it: the pages that follow tell of that.
    left.get("/events")?.push({ status: 204, body: "" });
    proxy.answer((asked) => left.get(proposed(asked) ?? asked.path)?.shift() ?? null);
    const { conclusion, delivery } = await deployed.execute(id);
    expect({ conclusion, delivery }).toMatchObject({ conclusion: "finished", delivery: { complete: true } });
    expect([...left.values()].flat()).toEqual([]);
    expect(await states(id)).toEqual(["Pending", "Running", "Completed"]);
    await deployed.recorded(id, (all) => all.length === 4 && completed(all));
  });

  test("hears how tasks end: in time or not, and that a process has died under one", async () => {
    const id = await deployed.run("ends");
    await deployed.execute(id);
    const runs = await deployed.recorded(
      id,
      (all) => all.length === 2 && all.every(({ end_time }) => end_time !== null),
    );
    expect(Object.fromEntries(runs.map(({ name, state }) => [name, [state.type, state.name]]))).toEqual({
      "slow-0": ["FAILED", "TimedOut"],
      "dying-0": ["CRASHED", "Crashed"],
    });
  });

  test("hears that a run is alive, by the events that automations look for", async () => {
    const id = await patchy();
    await deployed.execute(id, { env: { PREFECT_FLOWS_HEARTBEAT_FREQUENCY: "0.1" } });
    const sent = proxy.asked.flatMap(({ path, body }) => (path === "/events" ? JSON.parse(body) : []));
    const beats = sent.filter(
      ({ event, resource }) =>
        event === "prefect.flow-run.heartbeat" && resource["prefect.resource.id"] === `prefect.flow-run.${id}`,
    );
    expect(beats.length).toBeGreaterThan(1);
    const roles = beats[0].related.map((each: Record<string, string>) => each["prefect.resource.role"]);
    expect(roles).toContain("flow");
  });
});

const cancelling = { state: { type: "CANCELLING" } };
