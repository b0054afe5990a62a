import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Local } from "../../../src/index.ts";
import { prefect3Access } from "../../../src/run/prefect3/access.ts";
import { createDeployedRun } from "../../../src/run/prefect3/create-deployed-run.ts";
import { askPython } from "../../e2e/prefect-3/python.ts";
import { ask } from "../../prefect-3/api.ts";
import { describeWithPrefect3 } from "../../prefect-3/installed.ts";
import { sharedPrefect3 } from "../../prefect-3/shared-server.ts";
import { type Deployed3, type HeldTaskRun, saved } from "./deployed.ts";
import { visiting } from "./fixtures/data.ts";

type ReadArtifact = [taskRun: string, type: string, key: string | null, data: unknown, description: string | null];

let url: string;
let deployed: Deployed3;

const completed = (runs: readonly HeldTaskRun[]) => runs.every(({ state }) => state.type === "COMPLETED");

async function run(flow: string, parameters: object = {}) {
  const id = await deployed.run(flow, parameters);
  const { state } = await deployed.execute(id);
  expect(state).toMatchObject({ type: "Success" });
  return id;
}
const said = async (id: string): Promise<unknown> => {
  const line = (await deployed.logs(id)).find(({ message }) => message.startsWith("said "));
  return JSON.parse(line?.message.slice("said ".length) ?? "null");
};

describeWithPrefect3("what a task says and reads on a Prefect 3 server", () => {
  beforeAll(async () => {
    url = await sharedPrefect3();
    deployed = await saved(url, fileURLToPath(new URL("./fixtures/data.ts", import.meta.url)));
    await askPython("make_blocks.py", url, deployed.folder);
  });
  afterAll(() => deployed.close());

  test("are artifacts that Prefect's client reads with their task runs", async () => {
    const id = await run("reporting");
    await deployed.recorded(id, (all) => all.length === 4 && completed(all));
    const { artifacts } = await askPython<{ artifacts: ReadArtifact[] }>("read_run.py", url, deployed.folder, id);
    const told = artifacts.map((each) => JSON.stringify(each)).toSorted();
    expect(told.map((each) => JSON.parse(each))).toEqual([
      ["each-0", "markdown", null, "child 0", null],
      ["each-1", "markdown", null, "child 1", null],
      ["report-0", "image", "chart", "https://example.org/chart.png", null],
      ["report-0", "markdown", "stations", "# Two stations", "what there is"],
      ["report-0", "markdown", null, "[more](https://example.org/)", null],
      ["report-0", "progress", "done-so-far", 55.5, "more than half"],
      ["report-0", "table", "means", '[{"station":"Seattle","mean":null}]', null],
    ]);
    const { nodes } = await ask<{ nodes: [string, { label: string; artifacts: { type: string }[] }][] }>(
      url,
      "GET",
      `/flow_runs/${id}/graph-v2`,
    );
    const [, node] = nodes.find(([, { label }]) => label === "report-0") ?? [];
    expect(node?.artifacts.map(({ type }) => type)).toContain("progress");
    const messages = (await deployed.logs(id)).map(({ message }) => message);
    expect(messages).toContain("A progress of 120 % is taken for 100 %.");
    expect(await said(id)).toBe("RUN_ARTIFACT_INVALID");
  });

  test("are variables, made here or elsewhere", async () => {
    const id = await run("remembering", { prefix: "p3data" });
    expect(await said(id)).toEqual([
      expect.stringMatching(/^VARIABLE_EXISTS: Variable "p3data-counts" exists already/),
      expect.stringMatching(/^VARIABLE_INVALID: Variable "p3data-long" cannot be set: .*less than 5000 characters/),
      { region: ["eu", 1] },
      [4, null],
      "none",
    ]);
    const held = await ask(url, "GET", "/variables/name/p3data-counts");
    expect(held).toMatchObject({ value: [4, null], tags: [] });
  });

  test("are Secret blocks of a text, of JSON and of an older schema, which nobody else gets to see", async () => {
    const id = await run("secretive");
    await deployed.recorded(id, completed);
    expect(await said(id)).toEqual({
      shapes: ["text", ["user", "password"], "text"],
      kept: "SECRET_IN_VALUE",
      missing: expect.stringMatching(/p3data-none.*api: it has no secret of this name/),
    });
    const told = JSON.stringify([await deployed.logs(id), await deployed.taskRuns(id)]);
    for (const value of ["tok-3f9c1d", "lovelace-1815", "old-77aa21"]) expect(told).not.toContain(value);
    expect(told).toContain("logged in with");
    const { artifacts } = await askPython<{ artifacts: ReadArtifact[] }>("read_run.py", url, deployed.folder, id);
    expect(artifacts).toEqual([["log in-0", "markdown", "leak", "token: ***", null]]);
  });

  test("are parameters that fit the flow's schemas, or the run is Failed and says where they do not", async () => {
    const env = { FLOW_RUNNER__APPLICATION_FOLDER: process.cwd() };
    const wrong = { days: ["2012-01-01", "today"], options: { rows: 1.5 } };
    const failed = await deployed.run("visiting", wrong);
    await expect(deployed.execute(failed, { env })).rejects.toMatchObject({ code: "PARAMETER_VALUE_INVALID" });
    const { state } = await deployed.flowRun(failed);
    expect(state.type).toBe("FAILED");
    expect(state.message).toMatch(
      /"visiting" cannot run with .*options\.rows: Invalid input.*; days\[1\]: Invalid ISO date/,
    );

    const twice = await deployed.run("visiting", { days: ["2012-01-01", "2012-01-01"] });
    await expect(deployed.execute(twice, { env })).rejects.toThrow("days: a day comes twice");

    const right = await deployed.run("visiting", { days: ["2012-01-01"] });
    await deployed.execute(right, { env });
    expect(await said(right)).toEqual({ days: ["2012-01-01"], options: { rows: 100 } });
  });

  test("are parameters that the server refuses by the deployment's schema, before there is a run", async () => {
    const options = { api: "prefect3", apiUrl: url, workPool: "data-test", createPool: "process" } as const;
    await visiting.deploy({ ...options, storage: new Local({ directory: deployed.folder }) });
    const access = await prefect3Access({ apiUrl: url }, {});
    const wrongly = visiting.deploy({
      ...options,
      storage: new Local({ directory: deployed.folder }),
      parameters: { days: 3 },
    });
    await expect(wrongly).rejects.toMatchObject({ code: "PARAMETER_VALUE_INVALID" });
    const create = (days: unknown) => createDeployedRun("visiting", access, { parameters: { days } });
    await expect(create(["today"])).rejects.toThrow(/cannot run with these parameters: days.*: 'today' does not match/);
    expect(await create(["2012-01-01"])).toMatch(/^[0-9a-f-]{36}$/);
  });
});
