import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ScheduleSpec } from "../../../src/graph/index.ts";
import { nextEvents } from "../../../src/graph/schedules.ts";
import { Docker, Local } from "../../../src/index.ts";
import { prefect3Access } from "../../../src/run/prefect3/access.ts";
import { createDeployedRun } from "../../../src/run/prefect3/create-deployed-run.ts";
import { flowRunner } from "../../cli/binary.ts";
import { ask } from "../../prefect-3/api.ts";
import { describeWithPrefect3 } from "../../prefect-3/installed.ts";
import { sharedPrefect3 } from "../../prefect-3/shared-server.ts";
import { scheduled } from "./fixtures/scheduled.ts";

interface Held {
  readonly id: string;
  readonly job_variables: { readonly command: string; readonly env?: object };
  readonly parameters: unknown;
  readonly tags: string[];
  readonly labels: Record<string, string>;
  readonly global_concurrency_limit: { readonly limit: number } | null;
  readonly concurrency_options: unknown;
  readonly paused: boolean;
  readonly schedules: {
    readonly id: string;
    readonly schedule: { readonly cron?: string };
    readonly active: boolean;
  }[];
}

const module = fileURLToPath(new URL("./fixtures/scheduled.ts", import.meta.url));
const pool = "deploy-test";
let url: string;
let folder: string;
let env: NodeJS.ProcessEnv;

const held = (name: string) => ask<Held>(url, "GET", `/deployments/name/scheduled/${name}`);
const deploy = (...words: string[]) =>
  flowRunner(["deploy", module, "--api", "prefect3", "--directory", folder, ...words], { env });

describeWithPrefect3("a deployment of Prefect 3", () => {
  beforeAll(async () => {
    url = await sharedPrefect3();
    folder = mkdtempSync(join(tmpdir(), "deploy-"));
    env = { HOME: folder, PREFECT_API_URL: url };
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("names the pools that there are when its own is missing, and makes it when asked", async () => {
    const absent = await deploy("--work-pool", pool, "--name", "pooled");
    expect(absent.err).toMatch(new RegExp(`There is no work pool "${pool}" at .*--create-pool process`));
    expect(absent.exitCode).toBe(2);
    const options = { api: "prefect3", apiUrl: url, workPool: pool, name: "pooled" } as const;
    const unknown = scheduled.deploy({ ...options, createPool: "proces" });
    await expect(unknown).rejects.toThrow(/no type of work pools "proces"\. The API knows .*docker.*process/);
    await scheduled.deploy({ ...options, createPool: "process", storage: new Local({ directory: folder }) });
    const made = await ask<{ type: string; base_job_template: object }>(url, "GET", `/work_pools/${pool}`);
    expect(made).toMatchObject({ type: "process", base_job_template: { variables: expect.anything() } });
  });

  it("is made once, and then changed to what is said; a schedule that was paused stays paused", async () => {
    const words = ["--work-pool", pool, "--create-pool", "process", "--name", "kept"];
    const first = await deploy(
      ...words,
      "--cron",
      "0 6 * * *",
      "--run-tag",
      "a",
      "--concurrency-limit",
      "2",
      "--env",
      "A=b=c",
    );
    expect(first).toMatchObject({ err: "", exitCode: 0 });
    const before = await held("kept");
    expect(first.out.trim()).toBe(before.id);
    expect(before).toMatchObject({ tags: ["a"], global_concurrency_limit: { limit: 2 }, parameters: {} });
    expect(before.labels["flow-runner.file"]).toBe(join(folder, "scheduled.prefect"));
    expect(before.job_variables.env).toMatchObject({ A: "b=c" });
    expect(await deploy(...words, "--tag", "2")).toMatchObject({ exitCode: 2, err: expect.stringContaining("--tag") });
    expect(before.job_variables.command).toMatch(/node .*cli\/main\.js execute$/);
    await ask(url, "PATCH", `/deployments/${before.id}/schedules/${before.schedules[0]?.id}`, { active: false });

    const cron = ["--cron", "0 6 * * *", "--cron", "0 7 * * *", "--time-zone", "UTC"];
    const variables = ["--job-variable", 'env={"A":"b"}', "-p", "station=Boise"];
    const second = await deploy(...words, ...cron, ...variables, "--concurrency-limit", "1", "--on-too-many", "cancel");
    expect(second).toMatchObject({ out: first.out, err: "" });
    const after = await held("kept");
    expect(after).toMatchObject({
      tags: [],
      parameters: { station: "Boise" },
      job_variables: { env: { A: "b", FLOW_RUNNER__APPLICATION_FOLDER: dirname(module) } },
      global_concurrency_limit: { limit: 1 },
      concurrency_options: { collision_strategy: "CANCEL_NEW" },
      paused: false,
    });
    const active = after.schedules.map(({ schedule, active }) => [schedule.cron, active]);
    expect(active.sort()).toEqual([
      ["0 6 * * *", false],
      ["0 7 * * *", true],
    ]);
    await deploy(...words, "--no-schedule");
    expect(await held("kept")).toMatchObject({ schedules: [], global_concurrency_limit: null });
  });

  it("gets its runs at the times that the flow's own schedule has", async () => {
    const options = { api: "prefect3", apiUrl: url, workPool: pool, createPool: "process" } as const;
    const storage = new Local({ directory: folder });
    const { deployments } = await scheduled.deploy({ ...options, name: "in-time", storage });
    const [{ deploymentId } = { deploymentId: "" }] = deployments;
    const start = Date.now() + 3_600_000;
    const end = start + 48 * 3_600_000;
    const times = { start_time: new Date(start).toISOString(), end_time: new Date(end).toISOString() };
    await ask(url, "POST", `/deployments/${deploymentId}/schedule`, { ...times, min_runs: 100, max_runs: 100 });
    const filter = { deployments: { id: { any_: [deploymentId] } }, limit: 200 };
    const runs = await ask<{ expected_start_time: string; parameters: object }[]>(
      url,
      "POST",
      "/flow_runs/filter",
      filter,
    );
    const told = runs
      .map(({ expected_start_time: time, parameters }) => ({ time: Date.parse(time), parameters }))
      .filter(({ time }) => time > start && time < end);
    const ours = nextEvents(scheduled.graph.schedule as ScheduleSpec, 200, start).filter(
      ({ startTime }) => startTime < end,
    );
    // Two clocks that fire together start two runs there, and one in Prefect 1.x.
    expect([...new Set(told.map(({ time }) => time))].sort()).toEqual(ours.map(({ startTime }) => startTime));
    expect(told.filter(({ parameters }) => JSON.stringify(parameters).includes("New York"))).toHaveLength(2);
  });

  it("gets runs by name, with parameters that are checked before there is one", async () => {
    const options = { api: "prefect3", apiUrl: url, workPool: pool, createPool: "process", schedule: null } as const;
    await scheduled.deploy({ ...options, storage: new Local({ directory: folder }) });
    const words = ["create-run", "scheduled", "-p", "station=Boise", "--name", "by hand"];
    const created = await flowRunner(words, { env });
    expect(created.err).toBe("");
    const run = await ask(url, "GET", `/flow_runs/${created.out.trim()}`);
    expect(run).toMatchObject({ name: "by hand", parameters: { station: "Boise" }, state_type: "SCHEDULED" });
    const access = await prefect3Access({ apiUrl: url }, {});
    const create = (target: string, parameters = {}) => createDeployedRun(target, access, { parameters });
    await expect(create("scheduled", { statoin: "Boise" })).rejects.toThrow(/has no parameter statoin/);
    await expect(create("scheduled/scheduled", { station: 3 })).rejects.toThrow(/3 is not of type 'string'/);
    await expect(create("scheduled/none")).rejects.toThrow('no deployment "scheduled/none"');
    await expect(create("schedled")).rejects.toThrow('no deployment "schedled". Did you mean "scheduled"?');
    await expect(create("scheduled/schedule")).rejects.toThrow('Did you mean "scheduled/scheduled"?');
  });

  it("is refused where its workers could not start it", async () => {
    const image = {
      api: "prefect3",
      apiUrl: url,
      workPool: pool,
      createPool: "process",
      storage: new Docker(),
    } as const;
    await expect(scheduled.deploy(image)).rejects.toThrow(/"deploy-test" \(process\) start a command .* and no image/);
    const docker = { api: "prefect3", apiUrl: url, workPool: "deploy-docker", createPool: "docker" } as const;
    const here = new Local({ directory: folder });
    await expect(scheduled.deploy({ ...docker, storage: here })).rejects.toThrow(/do not see a folder of this machine/);
    await expect(scheduled.deploy({ ...docker, parameters: { statoin: 1 } })).rejects.toThrow(/no parameter statoin/);
  });
});
