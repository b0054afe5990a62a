import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startApi } from "../../../src/testing/index.ts";
import { flowRunner } from "../binary.ts";

const means = fileURLToPath(new URL("./fixtures/means.ts", import.meta.url));

let folder: string;
let api: Awaited<ReturnType<typeof startApi>>;
let env: NodeJS.ProcessEnv;
/** Runs a command that has to succeed; resolves with what it printed. */
const flow = async (...words: string[]): Promise<string> => {
  const { out, err, exitCode } = await flowRunner(words, { env });
  expect({ err, exitCode }).toEqual({ err: "", exitCode: 0 });
  return out;
};
const create = async (): Promise<string> => (await flow("create-run", "means")).trim();
const execute = (id: string, more: NodeJS.ProcessEnv = {}) =>
  flowRunner(["execute"], { env: { ...env, PREFECT__CONTEXT__FLOW_RUN_ID: id, ...more } });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "run-commands-"));
  api = await startApi();
  env = { HOME: folder, PREFECT__CLOUD__API: api.url, PREFECT__FLOWS__CHECKPOINTING: "true" };
  const { exitCode, err } = await flowRunner(["register", means, "--project", "demo", "--create-project"], { env });
  expect(exitCode, err).toBe(0);
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

describe("a failed run", () => {
  let id: string;
  beforeAll(async () => {
    id = await create();
    await execute(id);
  });

  test("is listed with what became of it", async () => {
    const runs: unknown = JSON.parse(await flow("runs", "--flow", "means", "--state", "Failed", "--json"));
    expect(runs).toMatchObject([
      { id, flow: { name: "means", project: "demo" }, state: "Failed", message: "Some reference tasks failed." },
    ]);
    expect(await flow("runs")).toMatch(
      new RegExp(`^RUN +NAME .*\n${id}  .*means  Failed .*Some reference tasks failed`),
    );
    const none = await flowRunner(["runs", "--flow", "maens"], { env });
    expect(none).toMatchObject({ exitCode: 0, out: "", err: expect.stringContaining('Did you mean --flow "means"?') });
  });

  test("shows its log, and that of one child", async () => {
    const lines = (await flow("logs", id, "--task", "clean[3]", "--json")).trim().split("\n");
    const log = lines.map((line): unknown => JSON.parse(line));
    expect(log).toContainEqual(
      expect.objectContaining({ level: "INFO", message: "item 3", task: expect.objectContaining({ mapIndex: 3 }) }),
    );
    expect(lines.join("\n")).not.toContain("item 2");
    expect(await flow("logs", id, "--level", "ERROR")).toMatch(/ERROR +clean\[3\] \| .*item 3 is bad/);
    const unknown = await flowRunner(["logs", id, "--task", "claen"], { env });
    expect(unknown).toMatchObject({ exitCode: 2, err: expect.stringContaining('Did you mean "clean"?') });
  });

  test("is debugged: what failed first, and why, with the line of its source", async () => {
    const cwd = fileURLToPath(new URL("../../..", import.meta.url));
    const { out, exitCode } = await flowRunner(["debug", id], { env, cwd });
    expect(exitCode).toBe(0);
    expect(out).toMatch(/Failed first: clean\[3\].*Failed\n.*item 3 is bad/);
    expect(out).toMatch(/^clean \[5\] +1 Failed, 4 Success +\S+ \S+ +ns$/m);
    expect(out).toMatch(/^ {2}It ran \S+ s[,;] .*memory (grew|shrank) by/m);
    expect(out).toMatch(/^Its inputs:\n {2}n = 3$/m);
    expect(out).toMatch(/^> 5 \| .*throw new Error\(`item \$\{n\} is bad`\)/m);
  });

  test("has a task of it run again here with its inputs, and a mended flow tried on it, and its API told nothing", async () => {
    const before = await flow("logs", id, "--json");
    const again = await flowRunner(["debug", id, "--task", "clean[3]", "--format", "plain"], { env });
    expect(again).toMatchObject({ exitCode: 1, out: expect.stringContaining("item 3 is bad") });
    const mended = await flowRunner(["debug", id, "--from", "clean[3]", "--artifact", means, "--format", "plain"], {
      env: { ...env, MENDED: "1" },
    });
    expect(mended).toMatchObject({ exitCode: 0, out: expect.stringMatching(/│ sum +│ Success/) });
    expect(mended.out).not.toContain("item 2");
    expect(mended.err).toContain("the API was told nothing");
    expect(await flow("logs", id, "--json")).toBe(before);
    expect(JSON.parse(await flow("runs", "--json"))).toMatchObject([{ id, state: "Failed" }]);
  });

  test("is retried from what failed, and nothing else runs again", async () => {
    expect(await flow("retry", id)).toMatch(/ is scheduled: sum, clean\[3\] run again, 6 kept\.\n$/);
    const { out } = await execute(id, { MENDED: "1" });
    expect(out).toContain('"item 3"');
    expect(out).not.toContain('"item 2"');
    expect(JSON.parse(await flow("runs", "--flow", "means", "--json"))).toMatchObject([{ id, state: "Success" }]);
    const again = await flowRunner(["retry", id], { env });
    expect(again).toMatchObject({ exitCode: 2, err: expect.stringContaining("there is nothing to retry") });
  });
});

test("a followed log ends with its run, and has its last line", async () => {
  const id = await create();
  const followed = flow("logs", id, "--follow", "--json");
  await execute(id);
  expect(await followed).toContain("Flow run FAILED");
});

test.each([
  ["1.x", "Cancelled"],
  // It has no other word for it.
  ["0.7", "Aborted"],
])("a run that has not begun is cancelled at once, with an API of %s (%s)", async (dialect, state) => {
  const id = await create();
  const { out, exitCode } = await flowRunner(["cancel", id, "--json"], {
    env: { ...env, FLOW_RUNNER__DIALECT: dialect },
  });
  expect([JSON.parse(out), exitCode]).toMatchObject([{ id, state }, 0]);
});

test("an unknown run is named, with the one that may have been meant", async () => {
  const [run] = JSON.parse(await flow("runs", "--limit", "1", "--json")) as [{ name: string }];
  const { err, exitCode } = await flowRunner(["cancel", `${run.name}x`], { env });
  expect(exitCode).toBe(2);
  expect(err).toContain(`Did you mean "${run.name}"?`);
});
