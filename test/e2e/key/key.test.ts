import { existsSync } from "node:fs";
import { chmod, chown, mkdir, readdir } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { eventually } from "../../eventually.ts";
import { apiKey, World } from "../secrets/world.ts";

const snooping = new URL("./fixtures/snooping.ts", import.meta.url).pathname;
const apart = new URL("./fixtures/apart.ts", import.meta.url).pathname;
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

/** A user that every Linux has, with no rights at all. */
const nobody = 65_534;

describe.skipIf(process.getuid?.() !== 0)("a flow that runs as a user of its own", () => {
  beforeEach(async () => {
    // As in an image: the saved flow is there to be read, and the temporary folder to be written.
    for (const folder of [".", "home", "work"]) await chmod(world.path(folder), 0o755);
    await chmod(world.path("tmp"), 0o1777);
  });

  test("cannot read the API key from the runner's memory either", async () => {
    expect(await snoop({ FLOW_RUNNER__HOST_USER: String(nobody) })).toMatchObject({ uid: nobody, found: [] });
  });

  test("has its values in the scratch store, its results in a folder that it may write, and no home of root's", async () => {
    const results = world.path("work", "results");
    await mkdir(results);
    await chown(results, nobody, nobody);
    const more = { FLOW_RUNNER__HOST_USER: String(nobody), TEST_RESULTS: results, FLOW_RUNNER__FORMAT: "plain" };
    const { out, exitCode } = await world.execute(await world.createRun(apart, "apart", [], more), more).ended;
    expect({ out, exitCode }).toEqual({
      out: expect.stringContaining('came back [5,65534,"/nonexistent"]'),
      exitCode: 0,
    });
    const written = await readdir(results, { recursive: true });
    expect(written.length).toBeGreaterThan(0);
    expect(await readdir(world.path("tmp"))).toEqual([]);
  });

  test("has what it leaves behind ended, too", async () => {
    const more = {
      FLOW_RUNNER__HOST_USER: String(nobody),
      FLOW_RUNNER__FORMAT: "plain",
      TEST_RESULTS: world.path("work"),
    };
    const { out, exitCode } = await world.execute(await world.createRun(apart, "leaving", [], more), more).ended;
    const [, pid = ""] = /left (\d+)/.exec(out) ?? [];
    expect([Number(pid) > 0, exitCode]).toEqual([true, 0]);
    await eventually(async () => expect(existsSync(`/proc/${pid}`)).toBe(false));
  });

  test("is told when there is no such user", async () => {
    const id = await world.createRun(snooping, "snooping", ["-p", 'reversed="x"']);
    const { err, exitCode } = await world.execute(id, { FLOW_RUNNER__HOST_USER: "nobody-of-that-name" }).ended;
    expect(err).toMatch(/"nobody-of-that-name", and \/etc\/passwd names no such user\. .*\[HOST_USER_REFUSED\]/s);
    expect(exitCode).toBe(2);
  });
});
