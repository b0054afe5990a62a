import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { recordApi, replayApi, startApi } from "../../../src/api/index.ts";
import { type Ended, flowRunner } from "../../cli/binary.ts";
import { serve } from "../../cli/serving.ts";

const survey = fileURLToPath(new URL("./fixtures/survey.ts", import.meta.url));
const key = "the-key-of-the-real-server";
const secret = "hunter2-and-more";

let folder: string;
let recording: string;
let flowRunId: string;
let recorded: Ended;

/** Runs the flow run against an API. */
const execute = (url: string, more: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  flowRunner(["execute"], {
    env: {
      ...{ HOME: folder, PREFECT__CLOUD__API: url, PREFECT__CLOUD__API_KEY: key },
      ...{ PREFECT__CLOUD__USE_LOCAL_SECRETS: "false", PREFECT__CONTEXT__FLOW_RUN_ID: flowRunId, ...more },
    },
  });

/** Plays the recording to an execution, behind a proxy that keeps what the replay was told. */
async function replay(name: string, more: NodeJS.ProcessEnv = {}) {
  const player = await serve("--replay", recording);
  const file = join(folder, `${name}.jsonl`);
  const place = { port: 0, host: "127.0.0.1" };
  const proxy = await recordApi({ ...place, path: file, upstream: player.url, env: {}, problem: expect.unreachable });
  const ended = await execute(proxy.url, more);
  await proxy.close();
  expect(await player.stop("SIGTERM")).toBe(0);
  return { ended, told: await statesIn(file), err: player.err() };
}

const asked = z.object({ states: z.array(z.looseObject({ state: z.object({ type: z.string() }) })) });

/** The types of the states that each run was given, in order, and in how many lists they came. */
async function statesIn(file: string) {
  const lines = (await readFile(file, "utf8")).trim().split("\n").slice(1);
  const variables = lines.flatMap((line) => Object.values(JSON.parse(line).request.body?.variables ?? {}));
  const lists = variables.flatMap((each) => asked.safeParse(each).data?.states.length ?? []);
  const items = variables.flatMap((each) => asked.safeParse(each).data?.states ?? []);
  const byRun = Object.groupBy(items, ({ task_run_id, flow_run_id }) => String(task_run_id ?? flow_run_id));
  const states = Object.entries(byRun).map(([run, all = []]) => [run, all.map(({ state }) => state.type)] as const);
  return { states: Object.fromEntries(states), lists: lists.length };
}

const summary = ({ out }: Ended) => {
  const { state, counts } = JSON.parse(out.trim().split("\n").at(-1) ?? "");
  return { state, counts };
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "recording-"));
  recording = join(folder, "run.jsonl");
  const real = await startApi({ key });
  const env = { HOME: folder, PREFECT__CLOUD__API: real.url, PREFECT__CLOUD__API_KEY: key };
  await flowRunner(["register", survey, "--project", "demo", "--create-project"], { env });
  await flowRunner(["secrets", "set", "TOKEN"], { env, input: secret });
  flowRunId = (await flowRunner(["create-run", "survey"], { env })).out.trim();
  const proxy = await serve("--record", recording, "--upstream", real.url);
  recorded = await execute(proxy.url);
  expect(await proxy.stop("SIGTERM")).toBe(0);
  expect(proxy.err()).toBe("");
  await real.close();
});
afterAll(() => rm(folder, { recursive: true }));

describe("a recording", () => {
  test("holds the whole conversation, and neither a secret nor the key in any form", async () => {
    expect(summary(recorded)).toMatchObject({ state: "Failed", counts: { Failed: 1 } });
    const text = await readFile(recording, "utf8");
    expect(text).toContain("no measure of 13");
    expect(text).toContain("secret_value");
    expect(text).toContain("refused with ***");
    for (const hidden of [secret, key, "hunter2", Buffer.from(secret).toString("base64"), "uthorization"]) {
      expect(text).not.toContain(hidden);
    }
    expect((await stat(recording)).mode & 0o777).toBe(0o600);
  });

  test("does not overwrite a file", async () => {
    const before = await readFile(recording, "utf8");
    const again = await flowRunner(["api", "--record", recording, "--upstream", "http://127.0.0.1:9"]);
    expect(again).toMatchObject({ exitCode: 2, err: expect.stringContaining("[RECORDING_EXISTS]") });
    expect(await readFile(recording, "utf8")).toBe(before);
  });
});

test.each([
  [["--record", "x.jsonl"], "--record and --upstream are given together"],
  [["--replay", "x.jsonl", "--data", "runs.db"], "--data is for the embedded API"],
])("flags that do not go together are refused: %s", async (words, message) => {
  const ended = await flowRunner(["api", ...words]);
  expect(ended).toMatchObject({ exitCode: 2, err: expect.stringContaining(message) });
});

describe("its replay, with the server gone", () => {
  test("ends the run as it ended then", async () => {
    const { ended, told, err } = await replay("again");
    expect(err).toBe("");
    expect(Object.keys(told.states)).toHaveLength(1 + 5 + 20);
    expect(ended.exitCode).toBe(recorded.exitCode);
    expect(summary(ended)).toEqual(summary(recorded));
    expect(told.states).toEqual((await statesIn(recording)).states);
  });

  test("ends it so also one task at a time, where states come in other lists", async () => {
    const { ended, told, err } = await replay("slowly", { FLOW_RUNNER__CONCURRENCY: "1" });
    const then = await statesIn(recording);
    expect(err).toBe("");
    expect(summary(ended)).toEqual(summary(recorded));
    expect(told.states).toEqual(then.states);
    expect(told.lists).toBeGreaterThan(then.lists);
  });

  test("answers what is not in it with the nearest that is", async () => {
    const { ended, err } = await replay("mended", { MENDED: "1" });
    const message =
      /The recording holds no answer to set_task_run_states: Success for (\S+) .*\. The nearest that it holds is set_task_run_states: (?:Failed|Running) for \1/;
    expect(err).toMatch(message);
    expect(`${ended.out}${ended.err}`).toContain("The recording holds no answer to set_task_run_states: Success");
  });
});

describe("what is no recording", () => {
  test("is refused by the line that is broken", async () => {
    const broken = join(folder, "broken.jsonl");
    const lines = (await readFile(recording, "utf8")).split("\n");
    await writeFile(broken, [...lines.slice(0, 3), '{"method":"POST"', ...lines.slice(3)].join("\n"));
    const ended = await flowRunner(["api", "--replay", broken]);
    expect(ended).toMatchObject({ exitCode: 2, err: expect.stringContaining(`Line 4 of the recording ${broken}`) });
  });

  test.each([
    ["a foreign file", "hello\n", "is no recording"],
    ["a newer one", '{"format":"flow-runner conversation","version":2}\n', "a newer flow-runner (format 2"],
    ["one without an exchange", '{"format":"flow-runner conversation","version":1}\n', "it holds no exchange"],
  ])("is refused by what it is: %s", async (name, text, message) => {
    const file = join(folder, `${name}.jsonl`);
    await writeFile(file, text);
    const refused = replayApi({ port: 0, host: "127.0.0.1", path: file, unmatched: expect.unreachable });
    await expect(refused).rejects.toThrow(message);
  });
});
