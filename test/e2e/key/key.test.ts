import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { apiKey, World } from "../secrets/world.ts";

const snooping = new URL("./fixtures/snooping.ts", import.meta.url).pathname;
const told = z.object({
  looked: z.number(),
  processes: z.number(),
  uid: z.number(),
  found: z.array(z.string()),
});

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(() => world.close());

/** What a task that looks for the key has found. */
async function snoop(more: NodeJS.ProcessEnv = {}) {
  const reversed = [...apiKey].reverse().join("");
  const id = await world.createRun(snooping, "snooping", ["-p", `reversed=${JSON.stringify(reversed)}`]);
  const { out, err, exitCode } = await world.execute(id, { FLOW_RUNNER__FORMAT: "json", ...more }).ended;
  expect({ exitCode, err }, out).toEqual({ exitCode: 0, err: "" });
  const line = out.split("\n").find((each) => each.includes("looked")) ?? "";
  const { msg } = z.object({ msg: z.string() }).parse(JSON.parse(line));
  return { out, ...told.parse(JSON.parse(msg)) };
}

test("the API key is in no file, argument, descriptor or environment, the runner's own included, and opens no inspector", async () => {
  const { found, looked, processes } = await snoop();
  expect(processes).toBeGreaterThanOrEqual(2);
  expect(looked).toBe(4 + 4 * processes + 2);
  // The same user may read the memory of its processes: SECURITY.md says so.
  expect(found.filter((place) => place !== "the runner's memory")).toEqual([]);
});
