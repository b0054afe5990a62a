import { afterEach, beforeEach, expect, test } from "vitest";
import { openGraphqlApi } from "../../src/cloud/graphql/open-graphql-api.ts";
import type { Api } from "../../src/cloud/index.ts";
import { success } from "../../src/state/index.ts";
import { FakeApi } from "./fake-api.ts";
import { JumpingClock } from "./manual-clock.ts";

const slugs = Array.from({ length: 12 }, (_, at) => `t-${at}`);
let fake: FakeApi;
let api: Api;

beforeEach(async () => {
  fake = await new FakeApi(slugs).listen();
  api = openGraphqlApi({ url: fake.url, key: null, tenantId: null, env: {}, clock: new JumpingClock() });
});

afterEach(async () => {
  api.close();
  await fake.stop();
});

const submit = (messages: readonly string[]) =>
  api.submit({
    flowRunId: "fr-1",
    creations: [],
    flowStates: [],
    taskStates: messages.map((message, at) => ({ taskRunId: `tr-t-${at}`, state: success(message), version: 0 })),
  });

test("a state of more than 1,000,000 bytes is refused here, and what the run is in is told", async () => {
  const { taskStates } = await submit(["small", "é".repeat(520_000), "small"]);
  expect(taskStates).toEqual([
    { status: "accepted" },
    {
      status: "refused",
      reason: expect.stringMatching(/too large: it has 1040\d{3} bytes, and an API takes 1000000/),
      current: expect.objectContaining({ type: "Pending" }),
    },
    { status: "accepted" },
  ]);
  expect(Math.max(...fake.requests.map(({ bytes }) => bytes))).toBeLessThan(1_000_000);
});

test("no request has more than 5,000,000 bytes, even of states full of quotes", async () => {
  const { taskStates } = await submit(slugs.map(() => '"'.repeat(490_000)));
  expect(new Set(taskStates.map(({ status }) => status))).toEqual(new Set(["accepted"]));
  expect(fake.requests.length).toBeGreaterThan(1);
  expect(Math.max(...fake.requests.map(({ bytes }) => bytes))).toBeLessThan(5_000_000);
});
