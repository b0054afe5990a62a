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

const limitByTag = (limit: number) =>
  ask(url, "POST", "/concurrency_limits/", { tag: "scarce", concurrency_limit: limit });
const taken = async () =>
  (await ask<{ active_slots: number }>(url, "GET", "/v2/concurrency_limits/tag:scarce")).active_slots;

describeWithPrefect3("a flow run of a Prefect 3 server with limits", () => {
  beforeAll(async () => {
    url = await sharedPrefect3();
    deployed = await saved(url, fileURLToPath(new URL("./fixtures/limited.ts", import.meta.url)));
  });
  afterAll(() => deployed.close());

  test("runs as many tasks with a tag at a time as its limit has slots, and gives every slot back", async () => {
    await limitByTag(1);
    const file = join(deployed.folder, "one");
    const id = await deployed.run("limited", { file, items: [1, 2, 3, 4] });
    const { conclusion, state } = await deployed.execute(id);
    expect([conclusion, state.type]).toEqual(["finished", "Success"]);
    const lines = readFileSync(file, "utf8").trim().split("\n");
    const begun = lines.filter((line) => line.startsWith("begin"));
    expect(lines).toEqual(begun.flatMap((line) => [line, line.replace("begin", "end")]));
    expect(begun).toHaveLength(4);
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
});
