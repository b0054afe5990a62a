import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Api, startApi } from "../../src/api/index.ts";
import { clientOf } from "../api/api-client.ts";
import { flowRunner } from "./binary.ts";

const scheduled = fileURLToPath(new URL("./fixtures/scheduled.ts", import.meta.url));

let folder: string;
let api: Api;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "register-"));
  api = await startApi();
  env = { HOME: folder, PREFECT__CLOUD__API: api.url };
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

describe("register", () => {
  test("says which version it made, or that nothing has changed; the ids alone are on stdout", async () => {
    const words = ["register", scheduled, "--project", "demo", "--create-project"];
    const first = await flowRunner(words, { env });
    expect(first.err).toBe(
      'Flow "mixed" in project "demo": registered version 1.\nFlow "weekly" in project "demo": registered version 1.\n',
    );
    expect(first.out).toMatch(/^([0-9a-f-]{36}\n){2}$/);
    const again = await flowRunner([...words, "-n", "weekly"], { env });
    expect(again.err).toBe('Flow "weekly" in project "demo": nothing has changed, it stays version 1.\n');
    expect(first.out).toContain(again.out);
  });

  test("takes labels, a run config, variables, and leaves a schedule inactive", async () => {
    const file = join(folder, "run-config.json");
    await writeFile(file, '{"type":"DockerRun","image":"f:1"}');
    const words = ["register", scheduled, "--project", "demo", "--create-project", "--flow", "weekly", "--no-schedule"];
    const flags = ["-l", "lab", "--label", "gpu", "--env", "A=1=2", "--run-config", file];
    expect(await flowRunner([...words, ...flags], { env })).toMatchObject({ exitCode: 0 });
    const { flow } = await clientOf(api).send(
      '{ flow(where: { name: { _eq: "weekly" }, archived: { _eq: false } }) { is_schedule_active run_config } }',
    );
    expect(flow).toEqual([
      {
        is_schedule_active: false,
        run_config: {
          ...{ type: "DockerRun", image: "f:1", env: { A: "1=2" }, labels: ["gpu", "lab"], __version__: "1.4.1" },
        },
      },
    ]);
  });

  test.each([
    ["a project that is not there", ["--project", "nowhere"], /"nowhere".*--create-project/s],
    ["a variable without a value", ["--project", "demo", "--env", "A"], /--env "A" cannot be used: NAME=VALUE/],
    ["a run config that is no JSON", ["--project", "demo", "--run-config", "{"], /run config cannot be used/],
  ])("%s is refused", async (_, words, message) => {
    const { err, out, exitCode } = await flowRunner(["register", scheduled, ...words], { env });
    expect([out, exitCode]).toEqual(["", 2]);
    expect(err).toMatch(message);
  });
});

describe("inspect", () => {
  test("shows a flow's schedule and its next times", async () => {
    const { out } = await flowRunner(["inspect", scheduled], { env });
    expect(out).toMatch(/schedule: cron 0 9 \* \* mon from 2019-01-01 00:00:00 Europe\/Zurich\n/);
    expect(out).toMatch(/next runs: \d{4}-\d\d-\d\dT0[78]:00:00.000Z, /);
    expect(out).toContain('schedule: every 36 h 00 min from 2999-01-01 00:00:00 UTC, with {"day":"any"}, labels x\n');
    expect(out).toContain("next runs: 2999-01-01T00:00:00.000Z, 2999-01-02T12:00:00.000Z");
    const { flows } = JSON.parse((await flowRunner(["inspect", scheduled, "--flow", "mixed", "--json"], { env })).out);
    expect(flows[0].nextRuns).toHaveLength(5);
  });
});
