import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { World } from "./secrets/world.ts";

const misbehaving = new URL("./fixtures/misbehaving.ts", import.meta.url).pathname;
const nobody = "0d6f1c1e-1f5a-4c6e-9f0e-0a8e3a1f4c11";

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(() => world.close());

interface Run {
  readonly state: string;
  readonly serialized_state: { readonly message: string };
}

async function stateOf(id: string): Promise<string> {
  const { flow_run_by_pk: run } = await world.ask<{ flow_run_by_pk: Run }>(
    `{ flow_run_by_pk(id: "${id}") { state serialized_state } }`,
  );
  return `${run.state}: ${run.serialized_state.message}`;
}

/** Flips a word of a saved flow's code. */
async function corrupt(artifact: string): Promise<void> {
  const text = await readFile(artifact, "utf8");
  await writeFile(artifact, text.replace("not calibrated", "now calibrated"));
}

/** A flow that imports a package which is there when it is saved and registered, and gone when it runs. */
async function runWithoutPackage(): Promise<string> {
  const folder = world.path("work", "node_modules", "tides");
  await mkdir(folder, { recursive: true });
  await writeFile(
    `${folder}/package.json`,
    '{ "name": "tides", "version": "2.4.1", "type": "module", "exports": "./index.js" }',
  );
  await writeFile(`${folder}/index.js`, "export const high = 7;\n");
  const source = world.path("work", "coast.ts");
  await writeFile(
    source,
    'import { flow, task } from "flow-runner";\nimport { high } from "tides";\n' +
      'const level = task("level", () => high);\nexport const coast = flow("coast", () => { level(); });\n',
  );
  const id = await world.createRun(source, "coast");
  await rm(folder, { recursive: true });
  return id;
}

/** The embedded API refuses such a run, as Prefect's own does; here it has lost the parameter later. */
async function runWithoutParameter(): Promise<string> {
  const id = await world.createRun(misbehaving, "asking", ["-p", "station=1"]);
  const database = new DatabaseSync(world.path("data", "runs.db"));
  database.prepare("UPDATE flow_run SET parameters = '{}' WHERE id = ?").run(id);
  database.close();
  return id;
}

interface Case {
  /** What the agent's environment says beside the usual. */
  readonly env?: NodeJS.ProcessEnv;
  /** Makes the run; left out: there is none. */
  readonly run?: () => Promise<string>;
  readonly exitCode: number;
  readonly says: RegExp;
  /** How the API's flow run has ended. */
  readonly state?: RegExp;
}

const cases: Record<string, Case> = {
  "no flow run id": {
    env: { PREFECT__CONTEXT__FLOW_RUN_ID: undefined },
    exitCode: 2,
    says: /PREFECT__CONTEXT__FLOW_RUN_ID.*\[FLOW_RUN_ID_MISSING\]/,
  },
  "the id of no flow run": {
    env: { PREFECT__CONTEXT__FLOW_RUN_ID: nobody },
    exitCode: 2,
    says: new RegExp(`${nobody}.*\\[FLOW_RUN_NOT_FOUND\\]`),
  },
  "an id that is no UUID": {
    env: { PREFECT__CONTEXT__FLOW_RUN_ID: "yesterday" },
    exitCode: 2,
    says: /yesterday.*\[FLOW_RUN_NOT_FOUND\]/,
  },
  "a wrong key": {
    env: { PREFECT__CONTEXT__FLOW_RUN_ID: nobody, PREFECT__CLOUD__API_KEY: "wrong-key-1" },
    exitCode: 4,
    says: /does not accept this key.*PREFECT__CLOUD__API_KEY.*\[API_UNAUTHORIZED\]/,
  },
  "a corrupted artifact": {
    run: async () => {
      const id = await world.createRun(misbehaving, "misbehaving");
      await corrupt(world.path("home", ".prefect", "misbehaving.prefect"));
      return id;
    },
    exitCode: 3,
    says: /misbehaving\.prefect.*\[ARTIFACT_/,
    state: /^Failed: Failed to load and execute flow run: .*misbehaving\.prefect/,
  },
  "a flow with a missing package": {
    run: runWithoutPackage,
    exitCode: 3,
    says: /tides.*2\.4\.1.*coast\.ts.*npm install tides@2\.4\.1/s,
    state: /^Failed: Failed to load and execute flow run: .*tides/s,
  },
  "a parameter that is required and missing": {
    run: runWithoutParameter,
    exitCode: 2,
    says: /station.*\[PARAMETER_MISSING\]/,
    state: /^Failed: Failed to load and execute flow run: .*station/,
  },
};

describe("execute given", () => {
  test.each(Object.entries(cases))(
    "%s says so in a sentence, with its exit code",
    async (_, { env, run, ...expected }) => {
      const id = (await run?.()) ?? nobody;
      const { out, err, exitCode } = await world.execute(id, env).ended;
      expect({ exitCode, err }).toEqual({ exitCode: expected.exitCode, err: expect.stringMatching(expected.says) });
      expect(err).toMatch(/^flow-runner: /);
      expect(out + err).not.toMatch(/\n\s+at |wrong-key-1|mistake in flow-runner/);
      if (expected.state !== undefined) expect(await stateOf(id)).toMatch(expected.state);
    },
  );

  test("tasks that throw a text, return a function, never return, hold the thread or leave fails these, and exit code 0", async () => {
    const id = await world.createRun(misbehaving, "misbehaving");
    const { err, exitCode } = await world.execute(id).ended;
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
    const { task_run: runs } = await world.ask<{
      task_run: { map_index: number; state: string; state_message: string; task: { name: string } }[];
    }>(`{ task_run(where: { flow_run_id: { _eq: "${id}" } }) { map_index state state_message task { name } } }`);
    const ends = runs.map(({ task, map_index: index, state, state_message: message }) => [
      index < 0 ? task.name : `${task.name}[${index}]`,
      `${state}: ${message}`,
    ]);
    expect(Object.fromEntries(ends)).toEqual({
      "Constant[list]": expect.stringMatching(/^Success/),
      "throws a text": expect.stringMatching(/^Failed: .*the sensor is not calibrated/),
      "returns a function": expect.stringMatching(/^Failed: .*returned a function/),
      "never returns": expect.stringMatching(/^TimedOut: Task timed out during execution/),
      spins: expect.stringMatching(/^TimedOut: .*held its host's thread/),
      leaves: expect.stringMatching(/^Failed: .*process\.exit\(3\)/),
      reads: expect.stringMatching(/^Mapped/),
      "reads[0]": expect.stringMatching(/^Success/),
      "reads[1]": expect.stringMatching(/^Success/),
      "reads[2]": expect.stringMatching(/^Success/),
    });
    expect(await stateOf(id)).toMatch(/^Failed: /);
  });
});
