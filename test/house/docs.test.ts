import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { referencePages } from "../../scripts/references/pages.ts";
import * as index from "../../src/index.ts";
import { main } from "../cli/binary.ts";
import { baseImage, engineAnswers } from "../e2e/image/engine.ts";
import { registry } from "../e2e/image/registry.ts";
import { freePort } from "../results/servers.ts";

const docs = join(import.meta.dirname, "../../docs");
const read = (page: string): string => readFileSync(join(docs, page), "utf8");
const pages = readdirSync(docs).filter((name) => name.endsWith(".md"));

/** A page as a shell script: what is titled by a file's name is written, each command is run, and the first that fails ends it. */
function scriptOf(page: string): string {
  const blocks = [...page.matchAll(/```(ts|sh)\n([\s\S]*?)```/g)];
  return blocks
    .flatMap(([, language, code = ""]) => {
      if (language === "sh") return [code];
      const [, file] = /^\/\/ (\S+\.ts)\n/.exec(code) ?? [];
      return file === undefined ? [] : [`cat > ${file} <<'END_OF_FILE'\n${code}END_OF_FILE\n`];
    })
    .join("\n");
}

/** The base image may have to be built first. */
const slow = { timeout: 600_000 };

describe("the documentation", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "flow-runner-docs-"));
    writeFileSync(join(folder, "flow-runner"), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
    chmodSync(join(folder, "flow-runner"), 0o755);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.for(pages)("%s: its commands do what they say, one after the other", slow, async (page, { skip }) => {
    const script = scriptOf(read(page));
    if (!script.includes("flow-runner")) return skip();
    if (script.includes("docker run")) {
      if (!engineAnswers() && process.env.CI !== "true") return skip("no Docker engine answers (scripts/ci-setup)");
      await baseImage();
    }
    const port = await freePort();
    const work = mkdtempSync(join(folder, "page-"));
    const shell = spawn(
      "bash",
      ["-euo", "pipefail", "-c", script.replaceAll(/\b4200\b/g, `${port}`).replaceAll("localhost:5000", registry)],
      {
        cwd: work,
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
        env: { PATH: `${folder}:/usr/bin:${process.env.PATH}`, HOME: work },
      },
    );
    const [out, err] = [text(shell.stdout), text(shell.stderr)];
    const signal = (name: NodeJS.Signals): void => {
      try {
        if (shell.pid !== undefined) process.kill(-shell.pid, name);
      } catch {
        // Nothing was left.
      }
    };
    // What does not end is ended, and what it has said is seen.
    const limit = setTimeout(() => signal("SIGKILL"), 280_000);
    const exitCode = await new Promise((resolve) => shell.once("exit", resolve));
    // An API that a page has started is still there.
    signal("SIGTERM");
    const said = `${await out}\n${await err}`;
    clearTimeout(limit);
    expect(exitCode, said).toBe(0);
  });

  test("says in its references what the code says (node scripts/write-references.ts)", () => {
    for (const [name, page] of Object.entries(referencePages())) expect(read(join("reference", name))).toBe(page);
  });

  test("names all result handlers that there are, and no other", () => {
    const rows = read("results.md").match(/^\| `.*$/gm) ?? [];
    const told = rows.flatMap((row) => [...(row.split(" | ")[0] ?? "").matchAll(/`(\w+)/g)].map(([, name]) => name));
    expect(told.sort()).toEqual(
      Object.keys(index)
        .filter((name) => /resulthandler$/i.test(name))
        .sort(),
    );
  });

  test("links only to what there is, and is linked from the README", () => {
    const linked = (page: string): string[] =>
      [...read(page).matchAll(/\]\(([^)#:]+)(?:#[\w-]+)?\)/g)].map(([, target = ""]) => join(dirname(page), target));
    for (const page of pages)
      for (const target of linked(page)) expect(existsSync(join(docs, target)), target).toBe(true);
    const fromReadme = linked("../README.md");
    for (const page of pages) expect(fromReadme).toContain(join("..", "docs", page));
  });
});
