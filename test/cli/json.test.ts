import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { commandLine } from "../../src/cli/program/command-line.ts";
import { startApi } from "../../src/testing/index.ts";
import { flowRunner } from "./binary.ts";
import { serve } from "./serving.ts";

const means = fileURLToPath(new URL("./runs/fixtures/means.ts", import.meta.url));
const mended = fileURLToPath(new URL("./runs/fixtures/means-mended.ts", import.meta.url));

/** It takes no flags: see the reference of commands. */
const without = ["execute"];

let folder: string;
let api: Awaited<ReturnType<typeof startApi>>;
const env = () => ({ HOME: folder, PREFECT__CLOUD__API: api.url });
const seen = new Set<string>();

/** What a command prints with `--json`: one value, or one a line. */
async function printed(...words: string[]): Promise<readonly unknown[]> {
  const { out, err } = await flowRunner([...words, "--json"], { env: env(), cwd: folder, input: "a secret's value" });
  seen.add(names.find((name) => ` ${words.join(" ")} `.startsWith(` ${name} `)) ?? "");
  expect(out, err).not.toBe("");
  try {
    return [JSON.parse(out)];
  } catch {
    return out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
  }
}

const leaves = (command: Command, before: readonly string[] = []): (readonly [string, Command])[] =>
  command.commands.length === 0
    ? [[before.join(" "), command]]
    : command.commands.flatMap((each) => leaves(each, [...before, each.name()]));
const commands = leaves(commandLine("flow-runner", () => async () => {}));
const names = commands.map(([name]) => name);
const id = z
  .object({ flowRunId: z.uuid() })
  .or(z.object({ id: z.uuid() }).transform(({ id: flowRunId }) => ({ flowRunId })));
const logLine = z.looseObject({ time: z.number(), level: z.string(), msg: z.string() });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "json-"));
  api = await startApi();
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

test("every command that prints something has it", () => {
  const lacking = commands.flatMap(([name, { options }]) =>
    options.some(({ long }) => long === "--json") ? [] : [name],
  );
  expect(lacking).toEqual(without);
});

describe("with --json nothing but JSON is on stdout:", () => {
  test("every command is heard, from a source to a run that is over", async () => {
    const artifact = join(folder, "means.prefect");
    await Promise.all([
      printed("save", means, "--output", artifact).then(([saved]) => expect(saved).toMatchObject({ path: artifact })),
      printed("inspect", means),
      printed("check", means),
      printed("environment"),
      printed("run", means, "--quiet"),
    ]);
    await printed("register", artifact, "--project", "demo", "--create-project");
    await printed("deploy", artifact, "--project", "demo", "--directory", join(folder, "flows"));
    expect(await printed("secrets", "set", "TOKEN")).toEqual([{ name: "TOKEN" }]);
    await printed("secrets", "list");
    expect(await printed("secrets", "delete", "TOKEN")).toEqual([{ name: "TOKEN" }]);
    const [created, other] = await Promise.all([printed("create-run", "means"), printed("create-run", "means")]);
    const { flowRunId } = id.parse(created[0]);
    expect(await printed("cancel", id.parse(other[0]).flowRunId)).toMatchObject([{ state: "Cancelled" }]);
    const agent = await printed("agent", "--once", "--show-flow-logs");
    for (const line of agent) logLine.parse(line);
    expect(await printed("runs", "--state", "Failed")).toMatchObject([[{ id: flowRunId }]]);
    await printed("logs", flowRunId);
    expect(await printed("debug", flowRunId)).toMatchObject([{ run: { id: flowRunId } }]);
    for (const line of await printed("debug", flowRunId, "--task", "clean[3]")) logLine.parse(line);
    expect((await printed("resume", flowRunId, "--artifact", mended)).at(-1)).toMatchObject({ state: "Success" });
    await printed("retry", id.parse(other[0]).flowRunId);
    const kept = join(folder, "kept.jsonl");
    const about = { flow_run_id: flowRunId, task_run_id: null, timestamp: new Date().toISOString() };
    await writeFile(kept, `${JSON.stringify({ ...about, name: "prefect", level: "INFO", message: "late" })}\n`);
    expect(await printed("deliver", kept)).toMatchObject([{ file: kept, logs: 1, left: 0 }]);
    const served = await serve("--json");
    expect(JSON.parse(served.url)).toMatchObject({ url: expect.stringMatching(/^http:/) });
    await served.stop("SIGTERM");
    // An image is built, and its command heard, where there is an engine.
    expect(names.filter((name) => !seen.has(name) && !without.includes(name))).toEqual(["build", "api"]);
  });

  test.each([
    ["an error", ["logs", "no-such-run"], { code: "FLOW_RUN_UNKNOWN", exitCode: 2 }],
    ["a file that is not there", ["run", "nowhere.ts"], { exitCode: 3 }],
    ["a mistake in the words", ["runs", "--limt", "3"], { code: "USAGE", exitCode: 2 }],
    ["one where people get a hint", ["secrets", "set"], { code: "USAGE", exitCode: 2 }],
    ["an engine that is not there", ["build", means], { exitCode: expect.any(Number) }],
  ])("%s is one line on stderr", async (_, words, expected) => {
    const DOCKER_HOST = "unix:///nonexistent.sock";
    const ended = await flowRunner([...words, "--json"], { env: { ...env(), DOCKER_HOST }, cwd: folder });
    const error: unknown = JSON.parse(ended.err.trimEnd().split("\n").at(-1) ?? "");
    expect(error).toMatchObject({ error: { message: expect.stringMatching(/\S/), ...expected } });
    expect(ended.out).toBe("");
    expect(ended.err).not.toContain("flow-runner: ");
  });
});
