import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { eventually } from "../eventually.ts";
import { describeWith, s3Keys, startS3 } from "../results/servers.ts";
import { type Gate, startGate } from "./secrets/gate.ts";
import { tracesBelow, tracesIn } from "./secrets/scan.ts";
import { World } from "./secrets/world.ts";

const careful = new URL("./secrets/fixtures/careful.ts", import.meta.url).pathname;

const mark = (value: unknown): string => createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 12);

const values = { FIRST: "first-secret-0815", SECOND: { user: "svc", password: "second-secret" }, THIRD: 81547115 };

let world: World;
let gate: Gate;
beforeAll(async () => {
  world = await World.open();
  for (const [name, value] of Object.entries(values)) {
    await world.setSecret(name, typeof value === "string" ? value : JSON.stringify(value));
  }
});
afterAll(() => world.close());
beforeEach(async () => {
  gate = await startGate(world.api.url);
  return () => gate.close();
});

const notes = async (): Promise<string[]> =>
  (await readFile(world.path("work", "notes.txt"), "utf8").catch(() => "")).split("\n").filter(Boolean);

interface Told {
  readonly msg: string;
  readonly state?: string;
}

async function run(flow: string, more: NodeJS.ProcessEnv = {}, words: readonly string[] = []) {
  const id = await world.createRun(careful, flow, words, more);
  const { out, err, exitCode } = await world.execute(id, { PREFECT__CLOUD__API: gate.url, ...more }).ended;
  const lines = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Told);
  const { task_run } = await world.ask<{
    task_run: { state: string; state_message: string; task: { name: string } }[];
  }>(`{ task_run(where: { flow_run_id: { _eq: "${id}" } }) { state state_message task { name } } }`);
  return {
    id,
    out,
    err,
    exitCode,
    state: lines.at(-1)?.state,
    messages: lines.map(({ msg }) => msg),
    of: (name: string) => task_run.find((each) => each.task.name === name),
  };
}

describe("a secret", () => {
  test("is fetched once a run, whoever uses it, and all at the same time", async () => {
    // Nothing is answered before all three were asked for: one after the other would never end.
    gate.holdUntil(3);
    const { state, messages } = await run("shared");
    expect(state).toBe("Success");
    expect([...gate.asked].sort()).toEqual(["FIRST", "SECOND", "THIRD"]);
    for (const [name, value] of Object.entries(values)) {
      // Two plain tasks, one isolated, three attempts, and one that asks for it itself.
      expect(messages.filter((message) => message === `${name} is ${mark(value)}`)).toHaveLength(7);
    }
  });

  test("comes from the first place that has it, or from the one that it names", async () => {
    await world.setSecret("ANYWHERE", "it-is-in-the-api");
    await world.mountSecret("ANYWHERE", "it-is-in-a-file");
    await world.mountSecret("login", JSON.stringify({ user: "u", password: "of-the-file" }));
    const inContext = { PREFECT__CONTEXT__SECRETS__ANYWHERE: "it-is-in-the-context" };
    const shownFor = async (order: string | null, more: NodeJS.ProcessEnv = inContext) => {
      const { messages } = await run("places", {
        ...more,
        ...(order === null ? {} : { FLOW_RUNNER__SECRET_PROVIDERS: order }),
      });
      return messages.filter((message) => / is [0-9a-f]{12}$/.test(message)).sort();
    };
    const named = [
      `api:ANYWHERE is ${mark("it-is-in-the-api")}`,
      `context:ANYWHERE is ${mark("it-is-in-the-context")}`,
      `file:login#password is ${mark("of-the-file")}`,
    ];
    expect(await shownFor(null)).toEqual([`ANYWHERE is ${mark("it-is-in-the-context")}`, ...named]);
    expect(await shownFor("api,context")).toEqual([`ANYWHERE is ${mark("it-is-in-the-api")}`, ...named]);
    expect(await shownFor("file")).toEqual([`ANYWHERE is ${mark("it-is-in-a-file")}`, ...named]);
  });

  test("is looked for in the API only where the deployment says so", async () => {
    const { of } = await run("shared", { PREFECT__CLOUD__USE_LOCAL_SECRETS: "true" });
    expect(gate.asked).toEqual([]);
    expect(of("FIRST")?.state_message).toMatch(/Asked: context: .*; file: [^;]*\. Put/);
  });

  test("that is nowhere fails its task, with what each place said", async () => {
    const { of, state } = await run("missing");
    expect(state).toBe("Failed");
    expect(of("ABSENT")).toMatchObject({
      state: "Failed",
      state_message: expect.stringContaining(
        `Secret "ABSENT" was not found. Asked: context: PREFECT__CONTEXT__SECRETS__ABSENT is not set; file: there is no file ${world.path("secrets", "ABSENT")}; api: it has no secret of this name. Put it into one of them`,
      ),
    });
    expect(of("show")).toMatchObject({ state: "TriggerFailed" });
  });

  test("that does not come in time fails its task", async () => {
    gate.holdUntil(1_000);
    const { of } = await run("missing", { FLOW_RUNNER__SECRET_TIMEOUT: "500ms" });
    expect(of("ABSENT")).toMatchObject({
      state: "Failed",
      state_message: expect.stringContaining("could not be fetched: api failed (no answer within 0.5 s)"),
    });
    // Once ahead of the tasks, then three attempts.
    await eventually(() => expect(gate.asked).toHaveLength(4));
  });

  test("whose provider does not exist ends the run with a sentence", async () => {
    const id = await world.createRun(careful, "missing");
    const { err, exitCode } = await world.execute(id, { FLOW_RUNNER__SECRET_PROVIDERS: "context,valut" }).ended;
    expect(exitCode).toBe(2);
    expect(err).toMatch(/^flow-runner: There is no secret provider "valut".*\[SECRET_PROVIDER_UNKNOWN\]\n$/);
  });

  test("is fetched again by the container that goes on, and lies nowhere meanwhile", async () => {
    const more = { PREFECT__CLOUD__API: gate.url, FLOW_RUNNER__TAKEOVER_AFTER: "1s" };
    const id = await world.createRun(careful, "interrupted");
    const dying = world.execute(id, more);
    await eventually(async () => expect(await notes()).toHaveLength(2));
    dying.child.kill("SIGKILL");
    await dying.ended;
    expect(gate.asked).toEqual(["FIRST"]);
    // The inputs of a task with retries were kept for another attempt: the table, and not the secret.
    const left = await readdir(world.path("tmp"), { recursive: true });
    expect(left.filter((name) => name.endsWith(".v8"))).toHaveLength(1);
    expect(await tracesBelow(world.path("tmp"), { FIRST: values.FIRST })).toMatchObject({ traces: [] });

    await writeFile(world.path("work", "go"), "");
    const { out, exitCode } = await world.execute(id, more).ended;
    expect(exitCode).toBe(0);
    expect(JSON.parse(out.trim().split("\n").at(-1) ?? "")).toMatchObject({ state: "Success" });
    expect(gate.asked).toEqual(["FIRST", "FIRST"]);
    expect(await notes()).toEqual([
      `first ran with ${mark(values.FIRST)}`,
      `second ran with ${mark(values.FIRST)} on readings`,
      `second ran with ${mark(values.FIRST)} on readings`,
    ]);
  });

  test("is not in what was kept for an API that is gone", async () => {
    const id = await world.createRun(careful, "unheard");
    const more = { PREFECT__CLOUD__API: gate.url, FLOW_RUNNER__OUTAGE_BUDGET: "500ms" };
    const running = world.execute(id, more);
    await eventually(async () => expect(await notes()).toContain("lose is about to fail"));
    await gate.close();
    await writeFile(world.path("work", "lost"), "");
    const { out, err, exitCode } = await running.ended;
    expect(exitCode).toBe(5);
    const kept = world.path("home", ".prefect", "undelivered");
    const files = await Promise.all((await readdir(kept)).map((name) => readFile(join(kept, name), "utf8")));
    expect(files.join("\n")).toMatch(/lost \*\*\*/);
    expect(files.join("\n")).toMatch(/logging \*\*\*/);
    expect(tracesIn([...files, out, err].join("\n"), { FIRST: values.FIRST })).toEqual([]);
  });

  test("in a parameter is refused where the parameter would be kept with the run", async () => {
    const link = JSON.stringify({ url: `postgres://u:${values.FIRST}@db` });
    const { id, of, out, err } = await run("parameterised", {}, ["-p", `link=${link}`]);
    expect(of("link")).toMatchObject({
      state: "Failed",
      state_message: expect.stringMatching(/^The parameter "link" is not persisted: \$\.url holds the secret "FIRST"/),
    });
    expect(of("use")).toMatchObject({ state: "TriggerFailed" });
    expect(tracesIn(out + err, { FIRST: values.FIRST })).toEqual([]);
    // The run itself has the parameter, from whoever created it; nothing that the runner told has.
    const told = await world.ask(
      `{ log(where: { flow_run_id: { _eq: "${id}" } }) { message }
         flow_run_by_pk(id: "${id}") { serialized_state states { serialized_state } }
         task_run(where: { flow_run_id: { _eq: "${id}" } }) { serialized_state states { message serialized_state } } }`,
    );
    expect(JSON.stringify(told)).toContain("cached_parameters");
    expect(tracesIn(JSON.stringify(told), { FIRST: values.FIRST })).toEqual([]);
  });
});

describe("without an API", () => {
  test("secrets come from the context and from files, and are masked", async () => {
    await world.mountSecret("SECOND", "second-of-the-file");
    const { out, exitCode } = await world.command(["run", careful, "--flow", "shared", "--format", "plain"], {
      PREFECT__CONTEXT__SECRETS__FIRST: "first-of-the-context",
      PREFECT__CONTEXT__SECRETS__THIRD: "4711",
    });
    onTestFinished(() => rm(world.path("secrets", "SECOND")));
    expect(exitCode).toBe(0);
    expect(out).toContain(`FIRST is ${mark("first-of-the-context")}`);
    expect(out).toContain(`SECOND is ${mark("second-of-the-file")}`);
    expect(out).toContain(`THIRD is ${mark(4711)}`);
    expect(out.match(/The secret "THIRD" is not masked in logs: it has fewer than 6 characters\./g)).toHaveLength(1);
  });
});

describeWith("versitygw", "a result handler", () => {
  test("takes its credentials from the API's secrets", async () => {
    const s3 = await startS3();
    onTestFinished(() => s3.close());
    const more = { TEST_S3: s3.url, AWS_EC2_METADATA_DISABLED: "true" };
    const keys = { ...s3Keys, SECRET_ACCESS_KEY: "not-the-key-of-this-store" };
    await world.setSecret("AWS_CREDENTIALS", JSON.stringify(keys));
    const refused = await run("stored", more);
    expect(refused.of("make")).toMatchObject({
      state: "Failed",
      state_message: expect.stringMatching(/could not be persisted: .*the secret "AWS_CREDENTIALS"/),
    });
    expect(tracesIn(refused.out + refused.err, { keys: keys.SECRET_ACCESS_KEY })).toEqual([]);

    await world.setSecret("AWS_CREDENTIALS", JSON.stringify(s3Keys));
    const written = await run("stored", more);
    expect(written).toMatchObject({ state: "Success", exitCode: 0 });
    expect(existsSync(`${s3.folder}/objects/results/stored/make`)).toBe(true);
    expect(gate.asked).toEqual(["AWS_CREDENTIALS", "AWS_CREDENTIALS"]);
    expect(tracesIn(written.out, { key: s3Keys.SECRET_ACCESS_KEY })).toEqual([]);
  });
});
