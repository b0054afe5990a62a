import { describe, expect, onTestFinished, test } from "vitest";
import { type Api, type Fault, type FaultPlan, startApi } from "../../src/testing/index.ts";
import { freePort } from "../results/servers.ts";
import { clientOf, post } from "./api-client.ts";

async function apiWith(faults?: FaultPlan): Promise<Api> {
  // It may be one that restarts: meanwhile its port is to stay its own.
  const api = await startApi({ port: await freePort(), ...(faults === undefined ? {} : { faults }) });
  onTestFinished(() => api.close());
  return api;
}

const set = (name: string) => `mutation { set_secret(input: { name: "${name}", value: "1" }) { success } }`;
const once = (fault: Fault): FaultPlan => ({ rules: [{ fault, operations: ["set_secret"], times: 1 }] });

/** What a client sees of one request: its answer, or that there was none. */
async function seen(api: Api, query: string, within = 20_000): Promise<string> {
  const response = await fetch(api.url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query }),
    signal: AbortSignal.timeout(within),
  }).catch(({ name }: Error) => name);
  if (typeof response === "string") return response;
  const text = await response.text().catch(() => "half an answer");
  const retryAfter = response.headers.get("retry-after");
  return [response.status, retryAfter, text.trim()].filter((each) => each !== null).join(" ");
}

const stored = async (api: Api): Promise<unknown> => (await clientOf(api).send("{ secret_names }")).secret_names;
const right = '200 {"data":{"set_secret":{"success":true}}}';

describe("a fault that an API is told to show, once", () => {
  test.for<readonly [name: string, fault: Fault, told: RegExp | string, isDone: boolean]>([
    ["latency: late, and right", { kind: "latency", milliseconds: 30 }, right, true],
    ["an answer that is late, and right", { kind: "late", milliseconds: 30 }, right, true],
    ["a slow drip, and right", { kind: "drip", pieces: 5, milliseconds: 5 }, right, true],
    ["a lost answer: stored, and not said", { kind: "lost" }, "TypeError", true],
    ["half an answer: stored", { kind: "half" }, "200 half an answer", true],
    ["a reset: nothing stored", { kind: "reset" }, "TypeError", false],
    ["a status", { kind: "status", status: 503 }, /^503 \{"errors"/, false],
    ["a status with Retry-After", { kind: "status", status: 429, retryAfter: 7 }, /^429 7 \{"errors"/, false],
    ["a proxy's page", { kind: "page" }, /^200 <!DOCTYPE html>/, false],
    ["an error of the API's", { kind: "error" }, /^200 .*"code":"API_ERROR"/, false],
  ])("%s", async ([, fault, told, isDone]) => {
    const api = await apiWith(once(fault));
    const answer = await seen(api, set("A"));
    if (typeof told === "string") expect(answer).toBe(told);
    else expect(answer).toMatch(told);
    expect(await stored(api)).toEqual(isDone ? ["A"] : []);
    expect(api.metFaults()).toEqual([{ fault, operation: "set_secret", nth: 1 }]);
    // Once is once.
    expect(await seen(api, set("B"))).toBe(right);
  });

  test("no answer at all, of which nothing is stored", async () => {
    const api = await apiWith(once({ kind: "hang" }));
    expect(await seen(api, set("A"), 200)).toBe("TimeoutError");
    expect(await stored(api)).toEqual([]);
  });

  test("a restart: every connection ends, nothing listens for a while, and what was stored is there", async () => {
    const api = await apiWith({ rules: [{ fault: { kind: "restart", downFor: 300 }, after: 1, times: 1 }] });
    expect(await seen(api, set("A"))).toBe(right);
    expect(await seen(api, set("B"))).toBe("TypeError");
    await expect.poll(() => seen(api, set("C")), { interval: 20 }).toBe(right);
    expect(await stored(api)).toEqual(["A", "C"]);
  });

  test("in an API of 0.7 too, by the names of 1.x", async () => {
    const api = await apiWith(once({ kind: "status", status: 502 }));
    const ask = () =>
      post(`${api.url}/graphql/alpha`, 'mutation { setSecret(input: { name: "A", value: "1" }) { success } }');
    expect((await ask()).status).toBe(502);
    expect((await ask()).status).toBe(200);
  });
});

describe("a plan", () => {
  test("spares the first requests, and other operations", async () => {
    const api = await apiWith({
      rules: [{ fault: { kind: "reset" }, operations: ["set_secret"], after: 2, times: 2 }],
    });
    const answers: string[] = [];
    for (const name of ["A", "B", "C", "D", "E"]) {
      answers.push(await seen(api, set(name)));
      await stored(api);
    }
    expect(answers).toEqual([right, right, "TypeError", "TypeError", right]);
  });

  test("strikes by its seed: the same requests meet the same faults, whatever comes between them", async () => {
    const plan = (seed: number): FaultPlan => ({
      seed,
      rules: [{ fault: [{ kind: "lost" }, { kind: "reset" }, { kind: "status", status: 500 }], probability: 0.5 }],
    });
    const metBy = async (seed: number, isBusy: boolean): Promise<string[]> => {
      const api = await apiWith(plan(seed));
      for (let nth = 1; nth <= 30; nth += 1) {
        if (isBusy) await seen(api, "{ hello }");
        await seen(api, set(`S${nth}`));
      }
      const met = api.metFaults().filter(({ operation }) => operation === "set_secret");
      return met.map(({ nth, fault }) => `${nth} ${fault.kind}`);
    };
    const met = await metBy(7, false);
    expect(await metBy(7, true)).toEqual(met);
    expect(await metBy(8, false)).not.toEqual(met);
    expect(met.length).toBeGreaterThan(5);
    expect(met.length).toBeLessThan(25);
    expect(new Set(met.map((each) => each.split(" ")[1])).size).toBe(3);
  });

  test("can be changed while the API runs, and taken away", async () => {
    const api = await apiWith();
    expect(await seen(api, set("A"))).toBe(right);
    api.setFaults({ rules: [{ fault: { kind: "reset" } }] });
    expect(await seen(api, set("B"))).toBe("TypeError");
    api.setFaults(null);
    expect(await seen(api, set("C"))).toBe(right);
  });

  test("sets the API's clock ahead or behind", async () => {
    const hour = 3_600_000;
    const ahead = async (clockSkew: number): Promise<number> => {
      const api = await apiWith({ rules: [], clockSkew });
      const client = clientOf(api);
      await client.mutate("create_project", { name: "p", tenant_id: api.tenantId });
      const { project } = await client.send<{ project: { created: string }[] }>("{ project { created } }");
      return (Date.parse(project[0]?.created ?? "") - Date.now()) / hour;
    };
    expect(await ahead(hour)).toBeCloseTo(1, 1);
    expect(await ahead(-hour)).toBeCloseTo(-1, 1);
  });
});

test("an API that is to close while it is down does close, and while answers are still to come", async () => {
  const api = await startApi({ faults: { rules: [{ fault: { kind: "late", milliseconds: 3_600_000 } }] } });
  const waiting = seen(api, set("A"), 60_000);
  await expect.poll(() => api.metFaults().length).toBe(1);
  const restarted = api.restart(3_600_000);
  expect(await waiting).toBe("TypeError");
  expect(await seen(api, set("B"))).toBe("TypeError");
  await api.close();
  await restarted;
});
