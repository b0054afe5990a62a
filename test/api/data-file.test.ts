import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { applicationId, migrations } from "../../src/api/database/migrations.ts";
import { openDatabase } from "../../src/api/database/open.ts";
import { startApi } from "../../src/api/index.ts";
import { FlowRunnerError } from "../../src/errors/index.ts";
import { clientOf, createRun, flowForm, historyOf, openApi, register, runningRun, taskForm } from "./api-client.ts";

let folder: string;
let data: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "api-"));
  data = join(folder, "runs.db");
  return () => rmSync(folder, { recursive: true, force: true });
});

const refusalOf = async (path: string): Promise<string> => {
  const error: unknown = await startApi({ data: path }).catch((reason: unknown) => reason);
  return error instanceof FlowRunnerError ? `${error.code}: ${error.message}` : `not refused: ${error}`;
};

describe("kill -9", () => {
  async function spawnApi(): Promise<{ child: ChildProcess; url: string; tenantId: string }> {
    const script = fileURLToPath(new URL("./serve-data-file.ts", import.meta.url));
    const child = spawn(process.execPath, [script, data], { stdio: ["ignore", "pipe", "inherit"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    if (child.stdout === null) throw new Error("the process has no output");
    const [line] = await Promise.race([
      once(createInterface(child.stdout), "line"),
      once(child, "close").then(([code]) => expect.unreachable(`it has ended with ${code} before it listened`)),
    ]);
    return { child, ...JSON.parse(line) };
  }

  test("in the midst of writing: all that was answered is there, and no half of a request", async () => {
    const { child, url, tenantId } = await spawnApi();
    const client = clientOf({ url, tenantId });
    const { flowId } = await register(client, flowForm("f", [taskForm("a-1")]));
    const run = await createRun(client, flowId);
    const task = run.taskRuns["a-1"]?.taskId;
    const perRequest = 20;
    const answered: string[] = [];
    const write = async (worker: number): Promise<void> => {
      for (let round = 0; ; round += 1) {
        const fields = Array.from({ length: perRequest }, (_, at) => {
          const index = (worker * 1_000 + round) * perRequest + at;
          return `a${at}: get_or_create_task_run_info(input: { flow_run_id: "${run.flowRunId}", task_id: "${task}", map_index: ${index} }) { id }`;
        });
        const made = await client.send<Record<string, { id: string }>>(`mutation { ${fields.join(" ")} }`);
        answered.push(...Object.values(made).map(({ id }) => id));
        if (answered.length >= 400) child.kill("SIGKILL");
      }
    };
    await Promise.allSettled([write(0), write(1), write(2)]);
    expect(child.killed).toBe(true);

    const reopened = await openApi({ data });
    const { task_run } = await reopened.send<{ task_run: { id: string; map_index: number; states: object[] }[] }>(
      "{ task_run(where: { map_index: { _gte: 0 } }) { id map_index states { state } } }",
    );
    const kept = new Map(task_run.map((row) => [row.id, row.states]));
    expect(answered.length).toBeGreaterThanOrEqual(400);
    expect(answered.filter((id) => !kept.has(id))).toEqual([]);
    expect([...kept.values()].every((states) => states.length === 1)).toBe(true);
    // A request that was being written has all of its task runs, or none.
    const requests = Map.groupBy(task_run, (row) => Math.floor(row.map_index / perRequest));
    expect([...requests.values()].map((rows) => rows.length).filter((count) => count !== perRequest)).toEqual([]);
  });
});

describe("a data file that is opened again", () => {
  test("has everything, the tenant's id too", async () => {
    const first = await startApi({ data });
    const { flowRunId } = await runningRun(clientOf(first));
    await first.close();
    const client = await openApi({ data });
    expect(client.api.tenantId).toBe(first.tenantId);
    expect((await historyOf(client, "flow_run", flowRunId)).map(({ state }) => state)).toEqual([
      "Scheduled",
      "Running",
    ]);
  });

  test("by two processes at once, is one and the same", async () => {
    const [one, two] = [await openApi({ data }), await openApi({ data })];
    const { flowRunId } = await runningRun(one);
    expect(await two.send("{ flow_run { id state } }")).toEqual({ flow_run: [{ id: flowRunId, state: "Running" }] });
  });

  test("is its owner's only", async () => {
    const client = await openApi({ data });
    await client.mutate("set_secret", { name: "A", value: "x" }, "{ success }");
    for (const path of globSync(`${data}*`)) expect([path, statSync(path).mode & 0o077]).toEqual([path, 0]);
  });
});

describe("secrets at rest", () => {
  test("outlive the process, and are in no file as they are", async () => {
    const value = "correct horse battery staple";
    const first = await startApi({ data });
    await clientOf(first).mutate("set_secret", { name: "A", value }, "{ success }");
    const held = globSync(`${data}*`).filter((path) => readFileSync(path).includes(value));
    await first.close();
    expect(held).toEqual([]);
    const client = await openApi({ data });
    expect(await client.send('{ secret_value(name: "A") }')).toEqual({ secret_value: value });
  });

  test("without their key cannot be read, and the answer says which file is missing", async () => {
    const client = await openApi({ data });
    await client.mutate("set_secret", { name: "A", value: "x" }, "{ success }");
    rmSync(`${data}.key`);
    const again = await openApi({ data });
    const { status, errors } = await again.ask('{ secret_value(name: "A") }');
    expect([status, errors?.[0]?.message]).toEqual([200, expect.stringContaining(`${data}.key, is missing`)]);
    expect(await again.send("{ secret_names hello }")).toEqual({ secret_names: ["A"], hello: "👋" });
  });
});

test("a file of data version 1 keeps what is in it, and takes what later versions added", async () => {
  const sqlite = new DatabaseSync(data);
  sqlite.exec(`${migrations[0]}; PRAGMA application_id = ${applicationId}; PRAGMA user_version = 1`);
  sqlite.exec("INSERT INTO tenant VALUES ('7a878e08-cc43-45ee-8139-7c4b52772795', 'default', 'default', '', '')");
  sqlite.close();
  const client = await openApi({ data });
  expect(client.api.tenantId).toBe("7a878e08-cc43-45ee-8139-7c4b52772795");
  await client.mutate("set_key_value", { key: "last", value: 1 });
  expect(await client.send("{ key_value { key value } }")).toEqual({ key_value: [{ key: "last", value: 1 }] });
});

describe("a file that cannot be the data file", () => {
  test("of a newer version is left as it is", async () => {
    await (await startApi({ data })).close();
    const sqlite = new DatabaseSync(data);
    sqlite.exec(`PRAGMA user_version = ${migrations.length + 1}`);
    sqlite.close();
    const before = readFileSync(data);
    const [found, known] = [migrations.length + 1, migrations.length];
    expect(await refusalOf(data)).toMatch(
      new RegExp(`^API_DATA_NEWER: .*data version ${found}, this one knows up to ${known}`),
    );
    expect(readFileSync(data).equals(before)).toBe(true);
  });

  test("of another program is left as it is", async () => {
    const sqlite = new DatabaseSync(data);
    sqlite.exec("CREATE TABLE mine (a)");
    sqlite.close();
    expect(await refusalOf(data)).toMatch(/^API_DATA_FOREIGN/);
    const text = join(folder, "notes.txt");
    writeFileSync(text, "these are notes and no database, however long they are. ".repeat(40));
    expect(await refusalOf(text)).toMatch(/^API_DATA_FOREIGN/);
    expect(readFileSync(text, "utf8")).toContain("these are notes");
  });

  test("in a folder that is not there, or a folder itself", async () => {
    expect(await refusalOf(join(folder, "none/runs.db"))).toMatch(/^API_DATA_UNREADABLE: .*none\/runs.db/);
    expect(await refusalOf(folder)).toMatch(/^API_DATA_UNREADABLE/);
    expect(existsSync(join(folder, "none"))).toBe(false);
  });

  test.skipIf(process.getuid?.() === 0)("that may only be read", async () => {
    await (await startApi({ data })).close();
    chmodSync(data, 0o400);
    expect(await refusalOf(data)).toMatch(/^API_DATA_UNREADABLE/);
  });
});

describe("a transaction", () => {
  test("that fails undoes all of it; a step that fails undoes only itself", () => {
    const database = openDatabase(data);
    onTestFinished(() => database.close());
    const add = (name: string) =>
      database.run("INSERT INTO secret (name, sealed, updated) VALUES (?, x'00', '')", name);
    const names = () => database.all("SELECT name FROM secret ORDER BY name").map(({ name }) => name);
    expect(() =>
      database.transaction(() => {
        add("a");
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(names()).toEqual([]);
    database.transaction(() => {
      add("a");
      expect(() =>
        database.step(() => {
          add("b");
          database.step(() => add("c"));
          throw new Error("no");
        }),
      ).toThrow("no");
      add("d");
    });
    expect(names()).toEqual(["a", "d"]);
    expect(() => database.step(() => add("e"))).toThrow("the transaction is over");
  });
});
