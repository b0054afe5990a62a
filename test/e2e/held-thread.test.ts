import { afterEach, beforeEach, expect, test } from "vitest";
import { startTap, type Tap } from "./resume/tap.ts";
import { World } from "./secrets/world.ts";

const spinning = new URL("./fixtures/spinning.ts", import.meta.url).pathname;

let world: World;
let api: Tap;
beforeEach(async () => {
  world = await World.open();
  api = await startTap(world.api.url);
});
afterEach(async () => {
  await api.close();
  await world.close();
});

interface TaskRun {
  readonly map_index: number;
  readonly task: { readonly name: string };
  readonly states: readonly { readonly state: string; readonly message: string; readonly timestamp: string }[];
}

test("a task that spins for ever among 31 that don't is TimedOut, the others end well, and the heart goes on beating", async () => {
  const heartbeats: number[] = [];
  api.watch = ({ moment, body, time }) => {
    if (moment === "done" && body.includes("update_flow_run_heartbeat")) heartbeats.push(time);
  };
  const id = await world.createRun(spinning, "spinning");
  const more = { PREFECT__CLOUD__API: api.url, PREFECT__CLOUD__HEARTBEAT_INTERVAL: "100ms" };
  const { err, exitCode } = await world.execute(id, more).ended;
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });

  const { task_run: runs } = await world.ask<{ task_run: TaskRun[] }>(
    `{ task_run(where: { flow_run_id: { _eq: "${id}" } }) {
      map_index task { name } states(order_by: { version: asc }) { state message timestamp }
    } }`,
  );
  const children = runs.filter(({ task, map_index: index }) => task.name === "reads" && index >= 0);
  expect(children.map(({ states }) => states.at(-1)?.state)).toEqual(Array(31).fill("Success"));

  const spun = runs.find(({ task }) => task.name === "spins")?.states ?? [];
  expect(spun.map(({ state }) => state)).toEqual(["Pending", "Running", "TimedOut"]);
  expect(spun.at(-1)?.message).toMatch(/It held its host's thread/);

  // In every part of the time in which the thread was held.
  const [from = 0, to = 0] = spun.slice(1).map(({ timestamp }) => Date.parse(timestamp));
  expect(to - from).toBeGreaterThanOrEqual(3_000);
  const part = (to - from) / 4;
  for (const at of [0, 1, 2, 3]) {
    const [begin, end] = [from + at * part, from + (at + 1) * part];
    expect(heartbeats.filter((time) => time >= begin && time < end).length).toBeGreaterThan(0);
  }
});
