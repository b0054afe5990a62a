import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { flowRunner } from "./binary.ts";
import { started } from "./runs/started.ts";

const weather = fileURLToPath(new URL("./fixtures/weather.ts", import.meta.url));
const twoFlows = fileURLToPath(new URL("./fixtures/two-flows.ts", import.meta.url));
const slow = fileURLToPath(new URL("./fixtures/slow.ts", import.meta.url));
const json = (out: string) =>
  out
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

let folder: string;
let artifact: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "commands-"));
  artifact = join(folder, "weather.prefect");
  const saved = await flowRunner(["save", weather, "--output", artifact]);
  expect(saved).toEqual({ out: `${artifact}\n`, err: "", exitCode: 0 });
});
afterAll(() => rm(folder, { recursive: true }));

describe("save", () => {
  test("without --output goes to ~/.prefect and is found there by name", async () => {
    const env = { HOME: folder };
    const { out, exitCode } = await flowRunner(["save", weather], { env });
    expect({ out, exitCode }).toEqual({ out: `${folder}/.prefect/weather.prefect\n`, exitCode: 0 });
    expect((await flowRunner(["run", "weather"], { env })).exitCode).toBe(0);
  });

  test("of a file that is not there names it", async () => {
    const { err, exitCode } = await flowRunner(["save", "/nowhere/flow.ts"]);
    expect(err).toContain("/nowhere/flow.ts");
    expect(err).not.toMatch(/mistake in flow-runner/);
    expect([2, 3]).toContain(exitCode);
  });
});

describe("run", () => {
  test.each(["a source", "an artifact"])("%s, with the end in the exit code and in the last line", async (kind) => {
    const file = kind === "a source" ? weather : artifact;
    const { out, exitCode } = await flowRunner(["run", file, "-p", 'days=["2012-01-01", "2012-01-05", "2012-01-09"]']);
    expect(exitCode).toBe(0);
    const records = json(out);
    expect(records.at(-1)).toMatchObject({ state: "Success", counts: { Success: 5 } });
    expect(records.map(({ msg }) => msg)).toContain("reading 2012-01-05");
  });

  test("a flow that fails is exit code 1, and says why", async () => {
    const { out, exitCode } = await flowRunner(["run", weather, "--format", "plain", "-p", 'days=["2012-01-13"]']);
    expect(exitCode).toBe(1);
    expect(out).toContain("read day[0]: ");
    expect(out).toContain("no data for 2012-01-13");
    expect(out).toMatch(/Flow run is Failed after /);
  });

  test("quiet says nothing when nothing went wrong", async () => {
    expect(await flowRunner(["run", weather, "--quiet"])).toEqual({ out: "", err: "", exitCode: 0 });
  });

  test("parameters come from standard input as well", async () => {
    const { out, exitCode } = await flowRunner(["run", weather, "--param-file", "-"], { input: '{"days": ["x"]}' });
    expect(exitCode).toBe(0);
    expect(out).toContain("reading x");
  });

  test("with --checkpoint results are persisted by the default handler, without it they are not", async () => {
    const results = await mkdtemp(join(folder, "results-"));
    const env = { FLOW_RUNNER__RESULT_HANDLER: `file://${results}` };
    expect((await flowRunner(["run", weather], { env })).exitCode).toBe(0);
    expect(await readdir(results)).toEqual([]);
    expect((await flowRunner(["run", weather, "--checkpoint"], { env })).exitCode).toBe(0);
    // Two days and their total.
    expect(await readdir(results)).toHaveLength(3);
  });

  test("a parameter that is unknown, or required and missing, is named", async () => {
    const unknown = await flowRunner(["run", weather, "-p", "dayz=1"]);
    expect(unknown.exitCode).toBe(2);
    expect(unknown.err).toMatch(/dayz/);
    const missing = await flowRunner(["run", twoFlows, "--flow", "morning"]);
    expect(missing.exitCode).toBe(2);
    expect(missing.err).toMatch(/who/);
  });

  test("of several flows one has to be named", async () => {
    const several = await flowRunner(["run", twoFlows]);
    expect(several.err).toMatch(/evening, morning.*--flow NAME/);
    expect(several.exitCode).not.toBe(0);
    const { exitCode } = await flowRunner(["run", twoFlows, "--flow", "morning", "-p", "who=you"]);
    expect(exitCode).toBe(0);
  });

  test.each(["SIGINT", "SIGTERM"] as const)("ends on %s with the shell's exit code", async (name) => {
    const { child, printed, ended } = started(["run", slow], { env: { HOME: folder }, cwd: folder });
    await printed(/"waiting"/);
    child.kill(name);
    expect(await ended).toBe(name === "SIGINT" ? 130 : 143);
  });
});

describe("inspect", () => {
  test("shows manifest, parameters, tasks and edges", async () => {
    const { out, exitCode } = await flowRunner(["inspect", artifact]);
    expect(exitCode).toBe(0);
    expect(out).toContain(artifact);
    expect(out).toMatch(/sha256 [0-9a-f]{64}/);
    expect(out).toMatch(/days +default \["2012-01-01","2012-01-02"\]/);
    expect(out).toMatch(/read day-io-1 +read day +mapped/);
    expect(out).toMatch(/days +-> +read day-io-1 +day, mapped/);
  });

  test("as JSON, for a program", async () => {
    const { out } = await flowRunner(["inspect", artifact, "--json"]);
    const described = JSON.parse(out);
    expect(described.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(described.flows[0].tasks.map(({ slug }: { slug: string }) => slug)).toContain("total-1");
  });

  test("of a source shows every flow, and its own output apart", async () => {
    const { out, err, exitCode } = await flowRunner(["inspect", twoFlows]);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/Flow evening[\s\S]*Flow morning[\s\S]*who +required/);
    expect(out).not.toContain("two flows are loaded");
    expect(err).toContain("two flows are loaded");
  });
});

describe("check", () => {
  test("of a flow that is well says so", async () => {
    const { out, exitCode } = await flowRunner(["check", artifact]);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/ok +system: [\s\S]*ok +load: [\s\S]*ok +results \(weather\): [\s\S]*ok +environment/);
  });

  test("finds a result that has no handler", async () => {
    const { out, exitCode } = await flowRunner(["check", twoFlows, "--flow", "morning"]);
    expect(exitCode).toBe(1);
    expect(out).toMatch(/error +results \(morning\): Result has no ResultHandler: .*"greet-1"/);
    const env = { FLOW_RUNNER__RESULT_HANDLER: "json" };
    expect((await flowRunner(["check", twoFlows, "--flow", "morning"], { env })).exitCode).toBe(0);
  });

  test("finds a package that is missing", async () => {
    const missingPackage = join(folder, "missing-package.ts");
    await writeFile(missingPackage, 'import nothing from "a-package-that-is-not-there";\nexport default nothing;\n');
    const { out, exitCode } = await flowRunner(["check", missingPackage, "--json"]);
    expect(exitCode).toBe(3);
    const [finding] = JSON.parse(out);
    expect(finding).toMatchObject({ check: "load", level: "error" });
    expect(finding.message).toContain("a-package-that-is-not-there");
  });
});

describe("a file that cannot be loaded", () => {
  test.each([
    ["that is not there", "/nowhere/weather.prefect", null],
    ["that is no artifact", "plain.prefect", "hello\n"],
    ["that is empty", "empty.prefect", ""],
    ["that is a Python flow", "python.prefect", "\u0080\u0004\u0095pickle"],
  ])("%s is one sentence and exit code 3", async (_, name, content) => {
    const file = content === null ? name : join(folder, name);
    if (content !== null) await writeFile(file, content, "latin1");
    for (const command of ["run", "inspect"]) {
      const { out, err, exitCode } = await flowRunner([command, file]);
      expect(exitCode).toBe(3);
      expect(err).toContain(file);
      expect(err).not.toMatch(/\n\s+at /);
      expect(out).toBe("");
    }
  });

  test("that was changed after it was saved is refused", async () => {
    const broken = join(folder, "broken.prefect");
    const text = await readFile(artifact, "utf8");
    await writeFile(broken, text.replace("no data for", "no  data for"));
    const { err, exitCode } = await flowRunner(["run", broken]);
    expect(exitCode).toBe(3);
    expect(err).toContain(broken);
  });
});
