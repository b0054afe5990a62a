import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi } from "../../../src/testing/index.ts";
import { type Ended, flowRunner } from "../binary.ts";
import { attach } from "./debugger.ts";
import { started } from "./started.ts";

const fixture = (name: string): string => fileURLToPath(new URL(`./fixtures/${name}.ts`, import.meta.url));

let folder: string;
let api: Awaited<ReturnType<typeof startApi>>;
let env: NodeJS.ProcessEnv;
let id: string;
const run = (...words: string[]): Promise<Ended> => flowRunner(words, { env });
const told = async (): Promise<unknown[]> => [(await run("runs", "--json")).out, (await run("logs", id, "--json")).out];

/** A run whose item 3 has failed. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "debug-"));
  api = await startApi();
  env = { HOME: folder, PREFECT__CLOUD__API: api.url, FLOW_RUNNER__FORMAT: "plain" };
  await run("register", fixture("means"), "--project", "demo", "--create-project");
  id = (await run("create-run", "means")).out.trim();
  await flowRunner(["execute"], { env: { ...env, PREFECT__CONTEXT__FLOW_RUN_ID: id } });
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

test("a task runs with another input, which must be one of its own", async () => {
  const before = await told();
  const { out, exitCode, err } = await run("debug", id, "--task", "clean[3]", "--set", "n=8");
  expect({ exitCode }, out + err).toEqual({ exitCode: 0 });
  expect(out).toContain("It is given n = 8");
  expect(out).toContain("| item 8");
  const unknown = await run("debug", id, "--task", "clean[3]", "--set", "m=8");
  expect(unknown).toMatchObject({ exitCode: 2, err: expect.stringMatching(/no input "m".*Its inputs are n\./) });
  const alone = await run("debug", id, "--set", "n=8");
  expect(alone).toMatchObject({ exitCode: 2, err: expect.stringContaining("name that by --task") });
  expect(await told()).toEqual(before);
});

test("a debugger stops on the first line of the task, and sees its input", async () => {
  const words = ["debug", id, "--task", "clean[3]", "--inspect", "0"];
  const { printed, ended } = started(words, { env, cwd: folder });
  const [url = ""] = /ws:\/\/\S+[^.\s]/.exec(await printed(/Waiting for a debugger at ws:\S+\. /)) ?? [];
  const client = await attach(url);
  await client.post("Debugger.enable");
  await client.post("Runtime.runIfWaitingForDebugger");
  interface Paused {
    callFrames: { callFrameId: string; url: string; location: { lineNumber: number; scriptId: string } }[];
  }
  const [frame] = (await client.event<Paused>("Debugger.paused")).callFrames;
  if (frame === undefined) throw new Error("it has stopped nowhere");
  const { scriptSource } = await client.post<{ scriptSource: string }>("Debugger.getScriptSource", {
    scriptId: frame.location.scriptId,
  });
  expect(scriptSource.split("\n")[frame.location.lineNumber]).toMatch(/clean|console\.log\(`item/);
  const expression = { callFrameId: frame.callFrameId, expression: "n ?? arguments[0].n" };
  expect(await client.post("Debugger.evaluateOnCallFrame", expression)).toMatchObject({ result: { value: 3 } });
  await client.post("Debugger.resume");
  expect(await printed(/item 3 is bad/)).toContain("| item 3");
  expect(await ended).toBe(1);
});

test("a source is loaded anew and runs again when it is saved, until Ctrl-C", async () => {
  const source = join(folder, "means.ts");
  await copyFile(fixture("means"), source);
  const words = ["debug", id, "--task", "clean[3]", "--edit", "means.ts"];
  const { child, printed, ended } = started(words, { env, cwd: folder });
  await printed(/item 3 is bad.*runs again when \S+means\.ts is saved/s);
  await copyFile(fixture("means-mended"), source);
  await printed(/clean \[1\] +│ 1 Success/);
  child.kill("SIGINT");
  expect(await ended).toBe(130);
});

test("with --report the API is told, and what is downstream runs only where that is said", async () => {
  const report = (...words: string[]) => run("debug", id, ...words, "--report", "--artifact", fixture("means-mended"));
  const one = await report("--task", "clean[3]");
  expect(one).toMatchObject({ exitCode: 1, err: expect.stringContaining("its states are told to the API") });
  expect(one.out).toContain("| item 3");
  expect(one.out).not.toContain("| item 2");
  const rest = await report("--from", "sum");
  expect(rest.exitCode, rest.out + rest.err).toBe(0);
  expect(JSON.parse((await run("runs", "--json")).out)).toMatchObject([{ id, state: "Success" }]);
});
