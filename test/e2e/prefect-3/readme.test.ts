import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { main } from "../../cli/binary.ts";
import { eventually } from "../../eventually.ts";
import { describeWithPrefect3, prefect3Env, prefect3Folder } from "../../prefect-3/installed.ts";
import { killGroup } from "../../prefect-3/server.ts";
import { sharedPrefect3 } from "../../prefect-3/shared-server.ts";
import { runsAt } from "./runs.ts";

const readme = readFileSync(join(import.meta.dirname, "../../../README.md"), "utf8");

/** The first block of code of a section. */
function block(section: string, language: string): string {
  const [, found] = new RegExp(`## ${section}\n[^]*?\`\`\`${language}\n([^]*?)\`\`\``).exec(readme) ?? [];
  if (found === undefined) throw new Error(`the README has no ${language} in "${section}"`);
  return found;
}

describeWithPrefect3("the README's lines for Prefect 3", () => {
  let folder: string;
  let shell: ChildProcess | null = null;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "readme-prefect-3-"));
    writeFileSync(join(folder, "weather.ts"), block("A first flow", "ts"));
    writeFileSync(join(folder, "flow-runner"), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
    chmodSync(join(folder, "flow-runner"), 0o755);
  });
  afterAll(() => {
    if (shell?.pid !== undefined) killGroup(shell.pid);
    rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
  });

  it("deploy a flow that a worker then completes", async () => {
    const url = await sharedPrefect3();
    const lines = block("Run it on Prefect", "sh").replace("http://127.0.0.1:4200/api", url);
    expect(lines).toContain(url);
    shell = spawn("sh", ["-ec", lines.replace(/ &$/m, " >worker.log 2>&1 &")], {
      ...{ cwd: folder, detached: true, stdio: ["ignore", "pipe", "pipe"] },
      env: {
        ...prefect3Env,
        PATH: `${folder}:${join(prefect3Folder, "bin")}:${process.env.PATH}`,
        HOME: folder,
        PREFECT_HOME: folder,
        PREFECT_WORKER_QUERY_SECONDS: "1",
      },
    });
    const exit = new Promise((resolve) => shell?.once("exit", resolve));
    const [out, err] = await Promise.all([shell.stdout, shell.stderr].map((stream) => (stream ? text(stream) : "")));
    expect({ err, exitCode: await exit }).toEqual({ err: "", exitCode: 0 });
    const [, run = ""] = out?.match(/^[0-9a-f-]{36}$/gm) ?? [];
    const runs = runsAt(url);
    await eventually(async () => {
      const worker = readFileSync(join(folder, "worker.log"), "utf8");
      expect(await runs.told(run), worker).toMatchObject({ state_type: "COMPLETED" });
    });
  });
});
