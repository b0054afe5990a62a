import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packedEnvironment, packFlowRunner } from "./packed.ts";

const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "flow-runner-package-"));
const project = join(folder, "project");
let tarball: string;

function run(command: string, args: readonly string[], cwd: string): { code: number | null; out: string; err: string } {
  const options = { cwd, env: packedEnvironment, encoding: "utf8", timeout: 290_000 } as const;
  const { status, stdout, stderr, error } = spawnSync(command, args, options);
  if (error !== undefined) throw new Error(`${error.message}: ${stdout}\n${stderr}`);
  return { code: status, out: stdout, err: stderr };
}

/** The flow of a user who has installed the package. */
const flowSource = `
import { context, flow, type Flow, parameter, task } from "flow-runner";

class Unlucky extends Error {}

const double = task("double", ({ n }: { n: number }) => {
  if (n === 13) throw new Unlucky(context.taskSlug);
  return n * 2;
});
const total = task("total", ({ numbers }: { numbers: readonly number[] }) => numbers.reduce((sum, n) => sum + n, 0));

export const sums: Flow<unknown> = flow("sums", () => {
  const numbers = parameter("numbers", { default: [1, 2, 3] });
  return total({ numbers: double.map({ n: numbers }) });
});
`;

// Each of the two takes minutes on a busy machine.
beforeAll(async () => {
  tarball = await packFlowRunner();
});

beforeAll(() => {
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "user", private: true, type: "module" }));
  writeFileSync(join(project, "sums.ts"), flowSource);
  const installed = run(
    "npm",
    ["install", tarball, "jest@30.2.0", "--prefer-offline", "--no-audit", "--no-fund"],
    project,
  );
  expect(installed, installed.err).toMatchObject({ code: 0 });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("what is packed", () => {
  test("is the built package with its papers and the base image's Dockerfile, and no source, test or script", () => {
    const installed = join(project, "node_modules/flow-runner");
    expect(readdirSync(installed).sort()).toEqual(
      ["CHANGELOG.md", "LICENSE", "README.md", "SECURITY.md", "dist", "docker", "docs", "package.json"].sort(),
    );
    const files = readdirSync(join(installed, "dist"), { recursive: true, encoding: "utf8" });
    expect(files.filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))).toEqual([]);
    expect(readdirSync(join(installed, "docker")).sort()).toEqual(["Dockerfile", "bin"]);
  });

  test("publint finds nothing to say", async () => {
    const { messages, pkg } = await publint({ pkgDir: join(project, "node_modules/flow-runner"), strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  test("its types resolve as its exports do", () => {
    const { code, out } = run("attw", [tarball, "--profile", "esm-only", "--format", "ascii"], folder);
    expect(code, out).toBe(0);
    expect(out).toContain('"flow-runner/testing"');
  });
});

describe("in an empty project", () => {
  test("a flow compiles against the types, and what is wrong does not", () => {
    writeFileSync(
      join(project, "wrong.ts"),
      `import { task } from "flow-runner";
import { startApi } from "flow-runner/testing";
const shout = task("shout", ({ text }: { text: string }) => text.toUpperCase());
shout({ text: 3 });
shout({});
shout.map({ text: 3 });
export const url: number = (await startApi()).url;
`,
    );
    const config = {
      compilerOptions: {
        ...{ target: "ES2024", lib: ["ES2025", "ESNext"], module: "NodeNext", strict: true, noEmit: true },
        ...{ skipLibCheck: false, types: ["node"], typeRoots: [join(root, "node_modules/@types")] },
      },
      include: ["*.ts"],
    };
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify(config));
    const { out } = run("tsc", ["--pretty", "false"], project);
    const found = out.split("\n").filter((line) => /^\S.*error TS/.test(line));
    expect(found.map((line) => line.replace(/,\d+\): .*/, ")"))).toEqual([
      "wrong.ts(4)",
      "wrong.ts(5)",
      "wrong.ts(6)",
      "wrong.ts(7)",
    ]);
  });

  test("npx flow-runner runs a TypeScript flow", () => {
    const { code, out } = run(
      "npx",
      ["flow-runner", "run", "sums.ts", "-p", "numbers=[1,2,10]", "--format", "plain"],
      project,
    );
    expect(out).toMatch(/total .* Success/);
    expect(out).toMatch(/double \[3\] .* 3 Success/);
    expect(code).toBe(0);
  });

  test("npx flow-runner tells a failed flow by its exit code", () => {
    const { code, out } = run(
      "npx",
      ["flow-runner", "run", "sums.ts", "-p", "numbers=[1,13]", "--format", "plain"],
      project,
    );
    expect(out).toContain("1 Failed");
    expect(code).toBe(1);
  });

  test("a saved flow runs from its artifact", () => {
    const saved = run("npx", ["flow-runner", "save", "sums.ts", "--output", "sums.prefect"], project);
    expect(saved, saved.err).toMatchObject({ code: 0 });
    expect(existsSync(join(project, "sums.prefect"))).toBe(true);
    const { code, out } = run("npx", ["flow-runner", "run", "sums.prefect", "--format", "plain"], project);
    expect(out).toMatch(/total .* Success/);
    expect(code).toBe(0);
  });

  test("a script of its own runs a flow, with one copy of the package for it, the flow and the artifact", () => {
    run("npx", ["flow-runner", "save", "sums.ts", "--output", "sums.prefect"], project);
    const script = `
      import { Flow, FlowRunnerError } from "flow-runner";
      import { startApi } from "flow-runner/testing";
      import { sums } from "./sums.ts";
      const loaded = await Flow.load("./sums.prefect");
      const runs = [await sums.run({ parameters: { numbers: [20, 1] } }), await loaded.run()];
      const refused = await sums.run({ parameters: { other: 1 } }).catch((error) => error);
      const api = await startApi();
      const answer = await fetch(api.url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ query: "{ hello }" }) });
      const page = await fetch(api.url + "/page/main.js");
      await api.close();
      console.log(JSON.stringify({
        values: runs.map((run) => run.result("total-1")),
        loaded: loaded instanceof Flow, refused: refused instanceof FlowRunnerError && refused.code, api: answer.status, page: page.status,
      }));`;
    const { out, err } = run("node", ["--input-type=module", "--eval", script], project);
    expect(err).toBe("");
    expect(JSON.parse(out.trim().split("\n").at(-1) ?? "")).toEqual({
      values: [42, 12],
      loaded: true,
      refused: "PARAMETER_UNKNOWN",
      api: 200,
      page: 200,
    });
  });

  test("the binary says which version it is", () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect(run("npx", ["flow-runner", "--version"], project).out.trim()).toBe(version);
  });
});

describe("the README's tests of flows", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const tests = join(project, "tests");

  beforeAll(() => {
    mkdirSync(tests);
    const flow = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
    writeFileSync(join(tests, "weather.ts"), flow);
    writeFileSync(join(tests, "weather.js"), stripTypeScriptTypes(flow));
    const guide = readme.split("\n## Testing flows\n")[1]?.split("\n## ")[0] ?? "";
    for (const [, source = ""] of guide.matchAll(/```[jt]s\n([\s\S]*?)```/g)) {
      writeFileSync(join(tests, /^\/\/ (\S+)/.exec(source)?.[1] ?? "unnamed"), source);
    }
    symlinkSync(join(root, "node_modules/vitest"), join(project, "node_modules/vitest"), "junction");
  });

  test("are three, and pass as they stand with vitest, node:test and jest", () => {
    expect(readdirSync(tests).filter((name) => !/^weather\.[jt]s$/.test(name))).toEqual([
      "weather.node.ts",
      "weather.spec.js",
      "weather.test.ts",
    ]);
    // In CI vitest writes no new snapshot unless it is told to.
    const vitest = run("vitest", ["run", "--update", "--root", tests, "--reporter", "verbose", ".test."], tests);
    expect(vitest.out + vitest.err).toMatch(/2 passed/);
    expect(vitest.code).toBe(0);
    const node = run("node", ["--test", "--test-reporter", "tap", "weather.node.ts"], tests);
    expect(node.out, node.err).toContain("# pass 2");
    expect(node.code).toBe(0);
    // In jest each test file has a realm of its own, and the fetch of the one around it.
    writeFileSync(
      join(tests, "fetch.spec.js"),
      `import { expect, test } from "@jest/globals";
import { openTestkit } from "flow-runner/testing";
test("fetch reaches the API", async () => {
  const before = fetch;
  const kit = await openTestkit();
  const body = JSON.stringify({ query: "{ hello }" });
  const answer = await fetch(kit.api.url, { method: "POST", headers: { "content-type": "application/json" }, body });
  expect(await answer.json()).toHaveProperty("data");
  await kit.close();
  expect(fetch).toBe(before);
});
`,
    );
    const jest = run(
      "node",
      ["--experimental-vm-modules", join(project, "node_modules/jest/bin/jest.js"), "--rootDir", tests, ".spec."],
      tests,
    );
    expect(jest.err).toContain("Tests:       2 passed");
    expect(jest.code).toBe(0);
  });

  test("are typed, with vitest's matchers for runs, and what is wrong does not compile", () => {
    writeFileSync(
      join(tests, "wrong.test.ts"),
      `import "flow-runner/testing/vitest";
import { expect } from "vitest";
expect(1).toHaveState("Success");
expect(1).toHaveState("Sucess");
expect(1).toHaveRun("clean[3]", { time: 2 });
`,
    );
    const compilerOptions = {
      ...{ target: "ES2024", lib: ["ES2025", "ESNext"], module: "NodeNext", strict: true, noEmit: true },
      ...{ skipLibCheck: true, types: ["node"], typeRoots: [join(root, "node_modules/@types")] },
      ...{ allowImportingTsExtensions: true },
    };
    writeFileSync(join(tests, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
    const { out } = run("tsc", ["--pretty", "false"], tests);
    const found = out.split("\n").filter((line) => /^\S.*error TS/.test(line));
    expect(found.map((line) => line.replace(/,\d+\): .*/, ")"))).toEqual(["wrong.test.ts(4)", "wrong.test.ts(5)"]);
  });
});
