import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { actWith } from "../../../src/cli/program/act.ts";
import { commandLine } from "../../../src/cli/program/command-line.ts";
import { addCompletion, answerTo, askedToComplete } from "../../../src/cli/program/completion/index.ts";
import { askedByLine } from "../../../src/cli/program/completion/typed.ts";
import { startApi } from "../../../src/testing/index.ts";
import { flowRunner, main } from "../binary.ts";
import { interactiveBash } from "./interactive-bash.ts";

const source = `import { flow, task } from "flow-runner";
const fetchDay = task("fetch day", () => 1);
export const weather = flow("weather", () => fetchDay());
`;

let folder: string;
let api: Awaited<ReturnType<typeof startApi>>;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "completion-"));
  const at = (name: string) => join(folder, name);
  for (const name of ["bin", "flows", ".prefect"]) mkdirSync(at(name));
  writeFileSync(at("bin/flow-runner"), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`, { mode: 0o755 });
  writeFileSync(at("flows/my flow.ts"), source);
  writeFileSync(at("flows/odd $(touch run-by-name).ts"), source);
  writeFileSync(at("flows/notes.txt"), "");
  writeFileSync(at("precious"), "kept");
  writeFileSync(at(".prefect/flow-runner.toml"), "[profiles.staging]\nkey = 'k'\n");
  api = await startApi();
  env = { HOME: folder, PREFECT__CLOUD__API: api.url, PATH: `${at("bin")}:${process.env.PATH}` };
  // Where the questions that are asked in this process look.
  vi.stubEnv("HOME", folder);
  for (const words of [
    ["register", at("flows/my flow.ts"), "--project", "demo", "--create-project"],
    ["create-run", "weather", "--name", "it's a run"],
  ]) {
    expect(await flowRunner(words, { env })).toMatchObject({ exitCode: 0 });
  }
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await api.close();
  rmSync(folder, { recursive: true });
});

/** What a shell is answered, the first line apart. */
const offered = async (typed: string, ...before: string[]) => {
  const asked = askedToComplete(["complete", `--typed=${typed}`, "--", ...before]);
  const act = actWith(() => undefined);
  const program = commandLine("flow-runner", act);
  addCompletion(program, act);
  if (asked === null) throw new Error("it is no question");
  const [more, ...lines] = (await answerTo(asked, program)).trimEnd().split("\n");
  return { more, offers: lines.map((line) => line.split("\t")[0]) };
};

describe("a shell's completion", () => {
  test("has a script for each shell", async () => {
    for (const shell of ["bash", "zsh", "fish", "powershell"]) {
      const { out, exitCode } = await flowRunner(["complete", shell]);
      expect([out, exitCode]).toEqual([expect.stringMatching(/flow-runner'? complete/), 0]);
    }
    expect((await flowRunner(["complete", "tcsh"])).exitCode).toBe(2);
  });

  test("offers commands, flags and what a flag may be", async () => {
    expect(await offered("re")).toEqual({ more: "words", offers: ["register", "retry", "resume"] });
    expect(await offered("--check", "run")).toEqual({ more: "words", offers: ["--checkpoint"] });
    expect(await offered("--format=p", "run")).toEqual({ more: "words", offers: ["--format=plain"] });
    expect(await offered("st", "runs", "--profile")).toEqual({ more: "words", offers: ["staging"] });
    expect(await offered("", "logs", "x", "--task", "y", "more")).toEqual({ more: "words", offers: [] });
  });

  test("offers saved flows by name, and leaves files to the shell", async () => {
    expect(await offered("", "run")).toEqual({ more: "flows", offers: ["weather"] });
    expect(await offered("x", "build", "one.ts", "--platform", "any")).toEqual({ more: "flows", offers: [] });
    expect(await offered("", "run", "weather", "--trace")).toEqual({ more: "files", offers: [] });
  });

  test("offers nothing, and soon, when there is no API to ask", async () => {
    expect(await offered("", "logs", "--api", "http://127.0.0.1:9")).toEqual({ more: "words", offers: [] });
  });
});

test("bash completes words that need quotes, and neither runs what is typed nor touches a file", async () => {
  const bash = interactiveBash({ env, cwd: folder });
  await bash.press("source <(flow-runner complete bash); echo rea''dy\n", "ready");
  for (const [typed, shown] of [
    ["flow-runner run flows/m", String.raw`flows/my\ flow.ts `],
    ["flow-runner run 'flows/m", "'flows/my flow.ts' "],
    ["flow-runner run flows/o", String.raw`flows/odd\ \$\(touch\ run-by-name\).ts `],
    ["flow-runner run x --format=pl", "--format=plain "],
    ["flow-runner run x --param-file prec", "precious "],
    ["flow-runner run $(touch run-by-tab) --wat", "--watch "],
    ["flow-runner logs x > preci", "> precious "],
    ["flow-runner logs it", String.raw`it\'s\ a\ run `],
    [String.raw`flow-runner logs it\'s\ a\ run --task=fe`, String.raw`--task=fetch\ day `],
  ] as const) {
    expect(await bash.press(`${typed}\t`, shown)).toContain(shown);
    await bash.press("\u0015", "");
  }
  // Once more, as a shell that is started within it does.
  expect(await bash.press("source <(flow-runner complete bash); echo ag''ain\n", "again")).not.toMatch(
    /readonly|error/i,
  );
  await bash.close();
  expect(readFileSync(join(folder, "precious"), "utf8")).toBe("kept");
  expect(["run-by-name", "run-by-tab"].filter((name) => existsSync(join(folder, name)))).toEqual([]);
});

describe("the words of a line of bash", () => {
  test.each([
    ["flow-runner run a b", "b", { before: ["run", "a"], typed: "b", kept: 0 }],
    ["flow-runner run ", "", { before: ["run"], typed: "" }],
    [String.raw`flow-runner run 'a b' "c \" d"e\ f`, String.raw`e\ f`, { before: ["run", "a b"], typed: 'c " de f' }],
    ["flow-runner run --task='fetch d", "fetch d", { typed: "--task=fetch d", kept: "--task=".length }],
    ["flow-runner run a:b", "b", { typed: "a:b", kept: 2 }],
    ["flow-runner run a >out 2>&1 b", "b", { before: ["run", "a"], typed: "b", redirected: false }],
    ["flow-runner run a > ou", "ou", { before: ["run", "a"], redirected: true }],
  ])("of %s", (line, last, expected) => {
    expect(askedByLine(line, last)).toMatchObject(expected);
  });

  test("are what they were, however they are quoted", () => {
    const word = fc.string({ minLength: 1, unit: fc.constantFrom(..." \t\\'\"$`<>|&;()[]{}*?!#~=:é") });
    fc.assert(
      fc.property(word, fc.constantFrom("", "'", '"'), (text, quote) => {
        const { quoted } = askedByLine(`flow-runner ${quote}`, "");
        const line = `flow-runner ${quote}${quoted(text)}${quote} `;
        expect(askedByLine(line, "").before).toEqual([text]);
      }),
    );
  });
});
