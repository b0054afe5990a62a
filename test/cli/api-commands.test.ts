import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { flowRunner } from "./binary.ts";
import { executing } from "./executing.ts";
import { type Served, serve } from "./serving.ts";

const weather = fileURLToPath(new URL("./fixtures/weather.ts", import.meta.url));
const slow = fileURLToPath(new URL("./fixtures/slow.ts", import.meta.url));
const key = "the-key-of-the-test";

let folder: string;
let api: Served;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "api-commands-"));
  api = await serve("--key", key);
  env = { HOME: folder, PREFECT__CLOUD__API: api.url, PREFECT__CLOUD__API_KEY: key };
});
afterAll(async () => {
  expect(await api.stop("SIGTERM")).toBe(0);
  await rm(folder, { recursive: true });
});

const uuid = /^[0-9a-f-]{36}\n$/;

describe("the whole line", () => {
  test("register, create a run, execute it", async () => {
    const registered = await flowRunner(["register", weather, "--project", "demo", "--create-project"], { env });
    expect(registered).toMatchObject({ out: expect.stringMatching(uuid), exitCode: 0 });
    const words = ["create-run", "weather", "--project", "demo", "-p", 'days=["2012-01-01","2012-01-02","2012-01-03"]'];
    const created = await flowRunner(words, { env });
    expect(created).toMatchObject({ out: expect.stringMatching(uuid), exitCode: 0 });
    const run = { ...env, PREFECT__CONTEXT__FLOW_RUN_ID: created.out.trim() };

    const executed = await flowRunner(["execute", "flow-run"], { env: run });
    expect(executed).toMatchObject({ err: "", exitCode: 0 });
    expect(JSON.parse(executed.out.trim().split("\n").at(-1) ?? "")).toMatchObject({
      state: "Success",
      counts: { Success: 5 },
    });

    const again = await flowRunner(["execute"], { env: run });
    expect(again.exitCode).toBe(0);
    expect(again.err).toContain("already finished");
    expect(again.out).not.toContain("reading 2012-01-01");
  });

  test("a flow that fails is told to the API, and that is exit code 0", async () => {
    await flowRunner(["register", weather, "--project", "demo", "--create-project"], { env });
    const created = await flowRunner(["create-run", "weather", "-p", 'days=["2012-01-13"]'], { env });
    const executed = await flowRunner(["execute"], {
      env: { ...env, PREFECT__CONTEXT__FLOW_RUN_ID: created.out.trim() },
    });
    expect(executed.exitCode).toBe(0);
    expect(JSON.parse(executed.out.trim().split("\n").at(-1) ?? "")).toMatchObject({ state: "Failed" });
  });

  test("an artifact that is not the registered one is refused", async () => {
    await flowRunner(["register", weather, "--project", "demo", "--create-project"], { env });
    const created = await flowRunner(["create-run", "weather"], { env });
    const other = join(folder, "other.ts");
    await writeFile(
      other,
      'import { flow, task } from "flow-runner";\nexport const w = flow("weather", () => task("t", () => 1)({}));\n',
    );
    await flowRunner(["save", other], { env });
    const executed = await flowRunner(["execute"], {
      env: { ...env, PREFECT__CONTEXT__FLOW_RUN_ID: created.out.trim() },
    });
    expect(executed.exitCode).toBe(3);
    expect(executed.err).toMatch(/^flow-runner: .*weather\.prefect/);
    expect(executed.err).not.toMatch(/\n\s+at /);
  });
});

describe("a run that is stopped", () => {
  async function createSlowRun(of: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
    await flowRunner(["register", slow, "--project", "demo", "--create-project"], { env: of });
    const { out } = await flowRunner(["create-run", "slow"], { env: of });
    return { ...of, PREFECT__CONTEXT__FLOW_RUN_ID: out.trim() };
  }

  test("while the API is gone keeps its states on disk, which is exit code 5; they are sent when it is back", async () => {
    const data = join(folder, "gone.db");
    const other = await serve("--data", data);
    const run = await createSlowRun({
      HOME: folder,
      PREFECT__CLOUD__API: other.url,
      FLOW_RUNNER__STOP_GRACE: "12s",
    });
    const { child, ended, err } = await executing(run);
    await other.stop("SIGKILL");
    child.kill("SIGTERM");
    expect(await ended).toBe(5);
    const message = await err;
    expect(message).toMatch(/could not be delivered.*\[RUN_UNDELIVERED\]/);
    const [, line = ""] = /flow-runner (deliver .*) \[RUN/.exec(message) ?? [];
    const [file = ""] = line.split(" ").slice(1);
    const kept = (await readFile(file, "utf8")).trim().split("\n");
    const { state } = JSON.parse(kept.at(-1) ?? "");

    const back = await serve("--data", data);
    const sent = await flowRunner(line.split(" "), { env: { HOME: folder, PREFECT__CLOUD__API: back.url } });
    expect(sent).toMatchObject({ err: "", exitCode: 0 });
    expect(sent.out).toContain(`${file}: the API has ${kept.length} state`);
    const response = await fetch(back.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query: `{ flow_run { state } task_run { state } }` }),
    });
    expect(JSON.stringify(await response.json())).toContain(`"state":"${state.type}"`);
    await expect(readFile(file)).rejects.toThrow("ENOENT");
    await back.stop("SIGTERM");
  });
});

describe("mistakes", () => {
  const id = "0d6f1c1e-1f5a-4c6e-9f0e-0a8e3a1f4c11";

  test("an unknown flow run is exit code 2 and named", async () => {
    const { err, exitCode } = await flowRunner(["execute"], { env: { ...env, PREFECT__CONTEXT__FLOW_RUN_ID: id } });
    expect({ exitCode, err }).toEqual({ exitCode: 2, err: expect.stringContaining(id) });
  });

  test("a wrong key is exit code 4 and is not shown", async () => {
    const wrong = { ...env, PREFECT__CLOUD__API_KEY: "wrong-key-1", PREFECT__CONTEXT__FLOW_RUN_ID: id };
    const { out, err, exitCode } = await flowRunner(["execute"], { env: wrong });
    expect(exitCode).toBe(4);
    expect(err).toContain(api.url);
    expect(out + err).not.toContain("wrong-key-1");
  });

  test("an API that is not there is exit code 4", async () => {
    const nowhere = {
      PREFECT__CLOUD__API: "http://127.0.0.1:9",
      PREFECT__CONTEXT__FLOW_RUN_ID: id,
      FLOW_RUNNER__OUTAGE_BUDGET: "0",
    };
    const { err, exitCode } = await flowRunner(["execute"], { env: nowhere });
    expect(exitCode).toBe(4);
    expect(err).toContain("http://127.0.0.1:9");
  });

  test("a project, flow or parameter that is not there says what would be", async () => {
    const project = await flowRunner(["register", weather, "--project", "nope"], { env });
    expect(project).toMatchObject({ exitCode: 2, err: expect.stringMatching(/no project "nope".*--create-project/) });
    await flowRunner(["register", weather, "--project", "demo", "--create-project"], { env });
    const typo = await flowRunner(["create-run", "weather", "-p", "dasy=3"], { env });
    expect(typo).toMatchObject({ exitCode: 2, out: "", err: expect.stringContaining("Did you mean days?") });
    const flow = await flowRunner(["create-run", "nope"], { env });
    expect(flow).toMatchObject({ exitCode: 2, err: expect.stringMatching(/no flow "nope".*flow-runner register/) });
  });

  test("a port that is taken is named", async () => {
    const { err, exitCode } = await flowRunner(["api", "--port", new URL(api.url).port]);
    expect(exitCode).not.toBe(0);
    expect(err).toContain(new URL(api.url).port);
    expect(err).not.toMatch(/\n\s+at /);
  });
});

describe("secrets", () => {
  test("are set from standard input, listed by name, deleted", async () => {
    expect(await flowRunner(["secrets", "set", "DB_PASSWORD"], { env, input: "hunter2hunter2\n" })).toEqual({
      out: "",
      err: "",
      exitCode: 0,
    });
    expect((await flowRunner(["secrets", "list"], { env })).out).toBe("DB_PASSWORD\n");
    expect((await flowRunner(["secrets", "delete", "DB_PASSWORD"], { env })).exitCode).toBe(0);
    expect((await flowRunner(["secrets", "list"], { env })).out).toBe("");
  });

  test("an empty value is a mistake", async () => {
    const { err, exitCode } = await flowRunner(["secrets", "set", "EMPTY"], { env, input: "" });
    expect({ exitCode, err }).toEqual({ exitCode: 2, err: expect.stringContaining("EMPTY") });
  });
});

describe("the profile file", () => {
  test("holds address and key outside of containers", async () => {
    await flowRunner(["secrets", "set", "PROFILED"], { env, input: "value-of-it" });
    const home = await mkdtemp(join(tmpdir(), "home-"));
    try {
      const file = join(home, "flow-runner.toml");
      await writeFile(file, `[profiles.local]\napi = "${api.url}"\nkey = "${key}"\n`);
      const { out } = await flowRunner(["secrets", "list", "--profile", "local"], { env: { PREFECT__HOME_DIR: home } });
      expect(out).toBe("PROFILED\n");
    } finally {
      await rm(home, { recursive: true });
      await flowRunner(["secrets", "delete", "PROFILED"], { env });
    }
  });
});
