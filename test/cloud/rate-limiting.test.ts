import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openGraphqlApi } from "../../src/cloud/graphql/open-graphql-api.ts";
import type { Api } from "../../src/cloud/index.ts";
import type { RateLimiting } from "../../src/config/index.ts";
import { FakeApi } from "./fake-api.ts";
import { JumpingClock } from "./manual-clock.ts";

let fake: FakeApi;
let clock: JumpingClock;
const open: Api[] = [];

beforeEach(async () => {
  fake = await new FakeApi().listen();
  clock = new JumpingClock();
});
afterEach(async () => {
  for (const api of open.splice(0)) api.close();
  await fake.stop();
});

function client(rateLimiting: RateLimiting | null): Api {
  const api = openGraphqlApi({
    ...{ url: fake.url, key: null, tenantId: null, env: {}, clock },
    ...{ rateLimiting, random: () => 0.5, outageBudget: 10_000_000 },
  });
  open.push(api);
  return api;
}

const busy = (count: number, headers: Record<string, string> = {}) =>
  fake.faults.push(...Array.from({ length: count }, () => ({ kind: "status", status: 429, headers }) as const));

describe("answers 429", () => {
  const prefects = { backoff: 180_000, multiplier: 10, exponent: 2, retries: 6 };

  test("are waited out as Prefect 1.x does, when its configuration says how", async () => {
    busy(3);
    await client(prefects).heartbeat("fr-1");
    expect(clock.waits).toEqual([190_000, 200_000, 220_000]);
  });

  test("are waited out no more often than it says", async () => {
    busy(3);
    await expect(client({ ...prefects, retries: 2 }).heartbeat("fr-1")).rejects.toThrow("HTTP 429");
    expect(fake.requests).toHaveLength(3);
    await expect(client({ ...prefects, retries: 0 }).heartbeat("fr-1")).resolves.toBeUndefined();
  });

  test("that name a time are waited out by that", async () => {
    busy(1, { "Retry-After": "7" });
    await client(prefects).heartbeat("fr-1");
    expect(clock.waits).toEqual([7_000]);
  });

  test("that name a time hold for every request, not only for the one that was told", async () => {
    busy(1, { "Retry-After": "7.5" });
    const api = client(null);
    await expect(api.heartbeat("fr-1", { tries: 1 })).rejects.toThrow("HTTP 429");
    await expect(api.heartbeat("fr-1", { tries: 1 })).rejects.toThrow("HTTP 429");
    expect(fake.requests).toHaveLength(1);
    await api.flowRunState("fr-1");
    expect(clock.waits).toEqual([7_500]);
    await api.heartbeat("fr-1", { tries: 1 });
    expect(fake.requests).toHaveLength(3);
  });

  test("are like any other failure when nothing is configured", async () => {
    busy(1);
    await client(null).heartbeat("fr-1");
    expect(clock.waits).toEqual([187.5]);
  });
});
