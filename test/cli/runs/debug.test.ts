import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi } from "../../../src/testing/index.ts";
import { emptyFolder, oneTask, project } from "../../artifact/project.ts";
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

test("the versions that the code ran with are compared with those here, and said not to be known where the log has none", async () => {
  const author = await project({});
  await author.install("which", "1.0.0");
  const flow = oneTask("finder", "throw new Error(version);", 'import { version } from "which";');
  await author.write({ "src/finder.ts": flow });
  const file = author.path("src/finder.ts");
  const inProject = (...words: string[]) => flowRunner(words, { env, cwd: author.folder });
  await inProject("register", file, "--project", "demo");
  const [there, silent] = await Promise.all([run("create-run", "finder"), run("create-run", "finder")]);
  const image = await emptyFolder();
  await image.install("which", "1.1.0");
  const execute = (PREFECT__CONTEXT__FLOW_RUN_ID: string, more: NodeJS.ProcessEnv) =>
    flowRunner(["execute"], { env: { ...env, PREFECT__CONTEXT__FLOW_RUN_ID, ...more } });
  await execute(there.out.trim(), { FLOW_RUNNER__APPLICATION_FOLDER: image.folder });
  const log = (await run("logs", there.out.trim())).out;
  expect(log).toContain("WARNING  CloudFlowRunner | Package which is 1.1.0 here; the flow was saved with 1.0.0.");
  const { out } = await inProject("debug", there.out.trim(), "--artifact", file);
  expect(out).toMatch(
    /^Its code: \w+, the same as \S+finder\.ts\n {2}which was 1\.1\.0 there, and is 1\.0\.0 here\n\n/m,
  );
  await execute(silent.out.trim(), { PREFECT__LOGGING__LEVEL: "ERROR", FLOW_RUNNER__APPLICATION_FOLDER: image.folder });
  const open = await inProject("debug", silent.out.trim(), "--artifact", file);
  expect(open.out).toMatch(/^Its code: .*\n {2}which versions of Node and of its packages it ran with is not known/m);
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
  expect(JSON.parse((await run("runs", "--flow", "means", "--json")).out)).toMatchObject([{ id, state: "Success" }]);
});
