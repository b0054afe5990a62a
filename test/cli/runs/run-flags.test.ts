import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi } from "../../../src/testing/index.ts";
import { type Ended, flowRunner } from "../binary.ts";
import { started } from "./started.ts";
import { readTrace, rowsOf } from "./trace-events.ts";

const fixture = (name: string): string => fileURLToPath(new URL(`./fixtures/${name}.ts`, import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "run-flags-"));
});
afterAll(() => rm(folder, { recursive: true }));
const env = (): NodeJS.ProcessEnv => ({ HOME: folder, FLOW_RUNNER__FORMAT: "plain" });
const run = (...words: string[]): Promise<Ended> => flowRunner(words, { env: env(), cwd: folder });

test("one task and what it needs is run, and the trace tells of each attempt in its host, with the writing of its result", async () => {
  const flags = ["--only", "clean", "-p", "ns=[1,2]", "--checkpoint", "--trace", "trace.json"];
  const { out, err, exitCode } = await run("run", fixture("means"), ...flags);
  expect(exitCode, out + err).toBe(0);
  expect(out).not.toContain("sum");

  const events = readTrace(await readFile(join(folder, "trace.json"), "utf8"));
  const spans = rowsOf(events).flat();
  expect(spans.filter(({ cat }) => cat === "task").map(({ name }) => name)).toEqual(
    expect.arrayContaining(["clean-1[0]", "clean-1[1]"]),
  );
  expect(spans.filter(({ name }) => name === "write result").length).toBeGreaterThanOrEqual(2);
  expect(spans).toContainEqual(expect.objectContaining({ cat: "run", name: "means", args: { state: "Success" } }));
  expect(events).toContainEqual(expect.objectContaining({ ph: "i", name: "clean-1[1] Success" }));
  const hosts = new Set(spans.filter(({ cat }) => cat === "task").map(({ pid }) => pid));
  for (const pid of hosts) {
    expect(events).toContainEqual({ ph: "M", name: "process_name", pid, tid: 0, args: { name: `host ${pid}` } });
  }

  const unknown = await run("run", fixture("means"), "--only", "claen");
  expect(unknown).toMatchObject({ exitCode: 2, err: expect.stringContaining('Did you mean "clean"?') });
});

test("a watched source runs again when it is saved, until Ctrl-C", async () => {
  const source = join(folder, "means.ts");
  await copyFile(fixture("means"), source);
  const { child, printed, ended } = started(["run", "means.ts", "--watch"], { env: env(), cwd: folder });
  await printed(/item 3 is bad.*runs again when \S+means\.ts is saved/s);
  await copyFile(fixture("means-mended"), source);
  await printed(/Flow run is Success/);
  child.kill("SIGINT");
  expect(await ended).toBe(130);
});

test("what a command has made it prints as JSON when that is asked for", async () => {
  const api = await startApi();
  try {
    const json = async (...words: string[]): Promise<unknown> => {
      const { out, err, exitCode } = await run(...words, "--json");
      expect(exitCode, err).toBe(0);
      return JSON.parse(out);
    };
    const to = ["--api", api.url];
    const saved = await json("save", fixture("means"), "--output", "means.prefect");
    expect(saved).toEqual({
      path: expect.stringMatching(/means\.prefect$/),
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const registered = await json("register", "means.prefect", "--project", "demo", "--create-project", ...to);
    expect(registered).toMatchObject({ flowId: expect.any(String), name: "means", version: 1, isNew: true });
    expect(await json("create-run", "means", ...to)).toEqual({ id: expect.any(String) });
    expect(await json("secrets", "list", ...to)).toEqual([]);
  } finally {
    await api.close();
  }
});
