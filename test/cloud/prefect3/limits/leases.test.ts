import { describe, expect, test } from "vitest";
import { BodySlots } from "../../../../src/cloud/prefect3/limits/body-slots.ts";
import { DeploymentLease } from "../../../../src/cloud/prefect3/limits/deployment-lease.ts";
import { HeldSlots } from "../../../../src/cloud/prefect3/limits/held-slots.ts";
import { TaskSlots } from "../../../../src/cloud/prefect3/limits/task-slots.ts";
import { eventually } from "../../../eventually.ts";
import { type Asked, connect, serve } from "../scripted-server.ts";

const paths = (asked: readonly Asked[]) => asked.map(({ path = "" }) => path.replace("/api", ""));
const bodies = (asked: readonly Asked[]) => asked.map(({ body }) => JSON.parse(body));

describe("the lease of a flow run's slot of its deployment's limit", () => {
  test("is renewed at once and then whenever three quarters of it are over, until the run is over", async () => {
    let lease: DeploymentLease | null = null;
    const { url, asked } = await serve(() => {
      if (asked.length === 4) lease?.stop();
      return { status: 204 };
    });
    const { client, clock } = connect(url);
    lease = new DeploymentLease(client, clock);
    lease.keep("l-1");
    lease.keep("l-1");
    await eventually(() => expect(asked).toHaveLength(4));
    expect(clock.waits.slice(0, 3)).toEqual([225_000, 225_000, 225_000]);
    expect(new Set(paths(asked))).toEqual(new Set(["/v2/concurrency_limits/leases/l-1/renew"]));
    expect(bodies(asked)[0]).toEqual({ lease_duration: 300 });
    expect(lease.lost.aborted).toBe(false);
  });

  test("is lost when it cannot be renewed three times, and the server's reason is told", async () => {
    const { url, asked } = await serve({ status: 410, body: { detail: "Lease not found" } });
    const { client, clock } = connect(url);
    const lease = new DeploymentLease(client, clock);
    lease.keep("l-1");
    await eventually(() => expect(lease.lost.reason).toMatch(/410.*Lease not found/));
    expect(asked).toHaveLength(3);
  });
});

describe("slots of task runs by their tags", () => {
  const full = { status: 423, headers: { "Retry-After": "12.5" } };
  const granted = { status: 200, body: { lease_id: "l-1", limits: [{ id: "i", name: "tag:a", limit: 1 }] } };

  const slotsOf = (url: string) => {
    const { client, clock } = connect(url);
    const warnings: string[] = [];
    const held = new HeldSlots({ client, clock, warn: (message) => warnings.push(message) });
    return { clock, warnings, held, slots: new TaskSlots(held, clock) };
  };

  test("that are all taken are waited for as long as the server says, whichever task asks", async () => {
    const { url, asked } = await serve(full);
    const { slots, clock } = slotsOf(url);
    const answers = await Promise.all(["t-1", "t-2"].map((id) => slots.take(id, ["b", "a", "b"])));
    for (const answer of answers) expect(answer).toMatchObject({ status: "queued", startTime: clock.now() + 12_500 });
    expect(asked).toHaveLength(1);
    expect(bodies(asked)[0]).toMatchObject({
      names: ["tag:a", "tag:b"],
      slots: 1,
      holder: { type: "task_run", id: "t-1" },
    });
  });

  test("that another task of the run gives back are asked for at once by the one that waits", async () => {
    let isFree = true;
    const { url, asked } = await serve(({ path = "" }) => {
      if (path.endsWith("/renew")) return { status: 204 };
      const answer = path.endsWith("/increment-with-lease") && !isFree ? full : granted;
      isFree = path.endsWith("/decrement-with-lease");
      return answer;
    });
    const { slots, held } = slotsOf(url);
    expect(await slots.take("t-1", ["a"])).toBeNull();
    const queued = await slots.take("t-2", ["a"]);
    slots.release("t-1");
    if (queued?.status !== "queued") throw new Error("it was not queued");
    await queued.sooner;
    expect(await slots.take("t-2", ["a"])).toBeNull();
    await held.releaseAll();
    expect(paths(asked).filter((path) => path.endsWith("/decrement-with-lease"))).toHaveLength(2);
  });

  test("that nothing limits cost one question, not one for each task", async () => {
    const { url, asked } = await serve({ status: 200, body: { lease_id: "l-1", limits: [] } });
    const { slots, held } = slotsOf(url);
    for (const id of ["t-1", "t-2", "t-3"]) expect(await slots.take(id, ["a"])).toBeNull();
    await held.releaseAll();
    expect(asked).toHaveLength(1);
  });

  test("are held by the older way where a server knows no leases, which is said once", async () => {
    const { url, asked } = await serve(({ path = "" }) =>
      path.includes("/v2/") ? { status: 405 } : { status: 200, body: [{ id: "i", name: "a", limit: 1 }] },
    );
    const { slots, held, warnings } = slotsOf(url);
    for (const id of ["t-1", "t-2"]) expect(await slots.take(id, ["a"])).toBeNull();
    await held.releaseAll();
    expect(paths(asked)).toEqual([
      "/v2/concurrency_limits/increment-with-lease",
      "/concurrency_limits/increment",
      "/concurrency_limits/increment",
      "/concurrency_limits/decrement",
      "/concurrency_limits/decrement",
    ]);
    expect(bodies(asked)[3]).toEqual({ names: ["a"], task_run_id: "t-1", occupancy_seconds: expect.any(Number) });
    expect(warnings).toEqual([expect.stringContaining("no leases")]);
  });
});

describe("slots that a body wants", () => {
  const wanted = { id: "s-1", names: ["a"], slots: 1, mode: "concurrency", timeout: null, strict: false } as const;

  test("and that are granted when it does not want them any more are given back", async () => {
    const granting = Promise.withResolvers<{ status: number; body: unknown }>();
    const { url, asked } = await serve(({ path = "" }) =>
      path.endsWith("/increment-with-lease") ? granting.promise : { status: 204 },
    );
    const { client, clock } = connect(url);
    const held = new HeldSlots({ client, clock, warn: () => undefined });
    const slots = new BodySlots({ client, clock, held });
    const taking = slots.take(wanted, "t-1").catch(({ code }) => code);
    await eventually(() => expect(asked).toHaveLength(1));
    slots.release("t-1");
    expect(await taking).toBe("CONCURRENCY_WAIT_OVER");
    granting.resolve({ status: 200, body: { lease_id: "l-1", limits: [{ name: "a" }] } });
    await eventually(() => expect(paths(asked).at(-1)).toMatch(/decrement-with-lease$/));
    expect(bodies(asked).at(-1)).toEqual({ lease_id: "l-1" });
  });
});
