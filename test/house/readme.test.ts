import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ExitCode } from "../../src/errors/index.ts";

const root = join(import.meta.dirname, "../..");
const readme = readFileSync(join(root, "README.md"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "flow-runner-readme-"));
afterAll(() => rmSync(folder, { recursive: true }));

function flowRunner(...args: string[]): { code: number | null; out: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "src/cli/main.ts"), ...args], {
    ...{ cwd: folder, encoding: "utf8", timeout: 240_000 },
  });
  return { code: status, out: stdout + stderr };
}

/** The rows of the table under a heading, cell by cell. */
function table(heading: string): string[][] {
  const section = readme.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const lines = section.split("\n").filter((line) => line.startsWith("| "));
  return lines.slice(2).map((line) =>
    line
      .slice(2, -2)
      .split(/(?<!\\) \| /)
      .map((cell) => cell.trim()),
  );
}

describe("the README", () => {
  test("has every exit code, and no other", () => {
    expect(table("Exit codes").map(([code]) => Number(code))).toEqual(Object.values(ExitCode).sort());
  });

  test("has every command", () => {
    const listed = flowRunner("--help").out.split("Commands:")[1]?.split("\n\n")[0] ?? "";
    const commands = [...listed.matchAll(/^ {2}(\w[\w-]*)/gm)]
      .map(([, name]) => name)
      .filter((name) => name !== "help");
    const told = table("Commands").map(([command]) => /flow-runner ([\w-]+)/.exec(command ?? "")?.[1]);
    expect(commands.length).toBeGreaterThan(5);
    expect(told.sort()).toEqual(commands.sort());
  });

  test("shows a first flow that runs as it stands", () => {
    const source = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
    writeFileSync(join(folder, "weather.ts"), source);
    const { code, out } = flowRunner("run", "weather.ts", "--format", "plain");
    expect(out).toMatch(/warmest .* Success/);
    expect(code).toBe(0);
  });

  test("names scripts that there are", () => {
    const scripts = readdirSync(join(root, "scripts"));
    for (const [, name = ""] of readme.matchAll(/scripts\/([\w.-]+)/g))
      expect(scripts).toContain(name.replace(/\.$/, ""));
  });
});
