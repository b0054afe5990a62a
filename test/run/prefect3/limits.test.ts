import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask } from "../../prefect-3/api.ts";
import { describeWithPrefect3 } from "../../prefect-3/installed.ts";
import { sharedPrefect3 } from "../../prefect-3/shared-server.ts";
import { type Deployed3, saved } from "./deployed.ts";

interface HeldStateDetails {
  readonly type: string;
  readonly state_details: { readonly deployment_concurrency_lease_id?: string | null };
}

let url: string;
let deployed: Deployed3;
let holding: Deployed3;

const limitByTag = (limit: number) =>
  ask(url, "POST", "/concurrency_limits/", { tag: "scarce", concurrency_limit: limit });
const taken = async () =>
  (await ask<{ active_slots: number }>(url, "GET", "/v2/concurrency_limits/tag:scarce")).active_slots;
function expectOneAtATime(file: string, count: number): void {
  const lines = readFileSync(file, "utf8").trim().split("\n");
  const begun = lines.filter((line) => line.startsWith("begin"));
  expect(lines).toEqual(begun.flatMap((line) => [line, line.replace("begin", "end")]));
  expect(begun).toHaveLength(count);
}
const heldOfDatabase = async () =>
  (await ask<{ active_slots: number }>(url, "GET", "/v2/concurrency_limits/database")).active_slots;

describeWithPrefect3("a flow run of a Prefect 3 server with limits", () => {
  beforeAll(async () => {
    url = await sharedPrefect3();
    deployed = await saved(url, fileURLToPath(new URL("./fixtures/limited.ts", import.meta.url)));
    holding = await saved(url, fileURLToPath(new URL("./fixtures/holding.ts", import.meta.url)));
    await ask(url, "POST", "/v2/concurrency_limits/", { name: "database", limit: 1 });
    await ask(url, "POST", "/v2/concurrency_limits/", { name: "api-calls", limit: 1, slot_decay_per_second: 4 });
  });
  afterAll(() => {
    deployed.close();
    holding.close();
  });

  test("runs as many tasks with a tag at a time as its limit has slots, and gives every slot back", async () => {
    await limitByTag(1);
    const file = join(deployed.folder, "one");
    const id = await deployed.run("limited", { file, items: [1, 2, 3, 4] });
    const { conclusion, state } = await deployed.execute(id);
    expect([conclusion, state.type]).toEqual(["finished", "Success"]);
    expectOneAtATime(file, 4);
    expect(await taken()).toBe(0);
  });

  test("has a task wait, seen as Pending, while another client holds the slot", async () => {
    await limitByTag(1);
    const { lease_id: lease } = await ask<{ lease_id: string }>(
      url,
      "POST",
      "/v2/concurrency_limits/increment-with-lease",
      { names: ["tag:scarce"], slots: 1 },
    );
    const id = await deployed.run("limited", { file: join(deployed.folder, "two") });
    const running = deployed.execute(id);
    const [waiting] = await deployed.recorded(id, ([run]) => run?.state?.type === "PENDING");
    expect(waiting?.state).toMatchObject({ type: "PENDING", message: expect.stringContaining("concurrency slot") });
    await ask(url, "POST", "/v2/concurrency_limits/decrement-with-lease", { lease_id: lease });
    expect((await running).state.type).toBe("Success");
    await deployed.recorded(id, ([run]) => run?.state.type === "COMPLETED");
  });

  test("is Failed with the reason where the limit lets no task run", async () => {
    await limitByTag(0);
    const id = await deployed.run("limited", { file: join(deployed.folder, "none") });
    expect((await deployed.execute(id)).state.type).toBe("Failed");
    const [run] = await deployed.recorded(id, ([run]) => run?.state.type === "FAILED");
    expect(run?.state.message).toMatch(/scarce.*greater than the limit/);
  });

  test("holds the slot of its deployment's limit while it runs, by a lease, and no longer", async () => {
    const flow = await ask<{ id: string }>(url, "POST", "/flows/", { name: "limited" });
    await limitByTag(1);
    const body = { name: "by-one", flow_id: flow.id, concurrency_limit: 1 };
    const made = await ask<{ id: string; global_concurrency_limit: { id: string } }>(
      url,
      "POST",
      "/deployments/",
      body,
    );
    const slots = async () => {
      const path = `/v2/concurrency_limits/${made.global_concurrency_limit.id}`;
      return (await ask<{ active_slots: number }>(url, "GET", path)).active_slots;
    };
    const parameters = { file: join(deployed.folder, "deployed") };
    const path = `/deployments/${made.id}/create_flow_run`;
    const { id } = await ask<{ id: string }>(url, "POST", path, { parameters });
    await deployed.setState(id, { type: "PENDING" });
    const seen: Promise<number>[] = [];
    const { state } = await deployed.execute(id, { onLog: () => seen.push(slots()) });
    expect(state.type).toBe("Success");
    expect(await Promise.all(seen)).toContain(1);
    expect(await slots()).toBe(0);
    const history = await ask<HeldStateDetails[]>(url, "GET", `/flow_run_states/?flow_run_id=${id}`);
    const running = history.find(({ type }) => type === "RUNNING");
    expect(running?.state_details.deployment_concurrency_lease_id).toEqual(expect.any(String));
  });

  test("never has more bodies within a global limit than it has slots", async () => {
    const file = join(holding.folder, "held");
    const { state } = await holding.execute(await holding.run("holding", { file, items: [1, 2, 3] }));
    expect(state.type).toBe("Success");
    expectOneAtATime(file, 3);
    expect(await heldOfDatabase()).toBe(0);
  });

  test("has the slots of a body back whose process was killed", async () => {
    const id = await holding.run("killed");
    expect((await holding.execute(id)).state.type).toBe("Success");
    await holding.recorded(id, (runs) => runs.length === 2 && runs.some(({ state }) => state.type === "COMPLETED"));
    expect(await heldOfDatabase()).toBe(0);
  });

  test("tells a body what stands against its slots, and has it wait for a rate", async () => {
    const id = await holding.run("asking");
    const lines: string[] = [];
    const { state } = await holding.execute(id, { onLog: ({ message }) => lines.push(message) });
    expect(state.type).toBe("Success");
    const said = JSON.parse(lines.find((line) => line.startsWith("said "))?.slice("said ".length) ?? "{}");
    expect(said).toEqual({
      gap: expect.any(Number),
      noDecay: "API_REJECTED",
      tooMany: "API_REJECTED",
      none: "CONCURRENCY_INVALID",
      missing: "ran",
      strictly: "CONCURRENCY_LIMIT_MISSING",
      within: "CONCURRENCY_TIMEOUT",
      thrown: "thrown",
      after: "ran",
    });
    expect(said.gap).toBeGreaterThan(200);
    expect(lines).toContainEqual('Nothing limits what holds to "no-such": no limit of that name exists.');
    expect(await heldOfDatabase()).toBe(0);
  });

  test("lets a body wait no longer than its task may run, and takes nothing for it afterwards", async () => {
    const path = "/v2/concurrency_limits/increment-with-lease";
    const { lease_id } = await ask<{ lease_id: string }>(url, "POST", path, { names: ["database"], slots: 1 });
    const id = await holding.run("giving");
    expect((await holding.execute(id)).state.type).toBe("Failed");
    await holding.recorded(id, ([run]) => run?.state.name === "TimedOut");
    await ask(url, "POST", "/v2/concurrency_limits/decrement-with-lease", { lease_id });
    expect(await heldOfDatabase()).toBe(0);
  });
});
