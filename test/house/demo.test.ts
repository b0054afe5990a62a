import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { killGroup } from "../prefect-3/server.ts";
import { freePort } from "../results/servers.ts";

const root = join(import.meta.dirname, "../..");
const project = join(root, "docker/example");
const binary = join(root, "src/cli/main.ts");
const tasks = ["stations", "folder", "download", "parse", "months", "summarize [96]", "climate [2]", "report"];
const states = z.array(z.object({ state: z.string() }));
const answerSchema = z.object({
  data: z.object({
    flow_run_by_pk: z.object({
      state: z.string(),
      task_runs: z.array(z.object({ states, task: z.object({ name: z.string() }) })),
    }),
  }),
});
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "flow-runner-demo-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Program {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Resolves once the output has this text; rejects when the program ends without it. */
  until(text: string): Promise<void>;
  readonly ended: Promise<number | null>;
}

function start(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Program {
  const child = spawn(command, args, {
    cwd: project,
    env: { ...process.env, ...env },
    ...{ stdio: ["ignore", "pipe", "pipe"], detached: true },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
  // What does not end is ended, with what it has started, and what it has said is seen.
  const limit = setTimeout(() => child.pid !== undefined && killGroup(child.pid), 280_000);
  const ended = once(child, "close").then(([code]) => {
    clearTimeout(limit);
    return code as number | null;
  });
  return {
    child,
    output: () => output,
    ended,
    async until(text) {
      while (!output.includes(text)) {
        const next = await Promise.race([once(child.stdout, "data"), ended.then(() => null)]);
        if (next === null && !output.includes(text)) throw new Error(`ended without "${text}":\n${output}`);
      }
    },
  };
}

/** What a command writes for the next one: an id, a path. Standard error tells people what it did. */
async function run(...args: string[]): Promise<string> {
  const program = start(process.execPath, [binary, ...args]);
  let answer = "";
  program.child.stdout?.on("data", (chunk) => (answer += String(chunk)));
  expect(await program.ended, program.output()).toBe(0);
  return answer.trim();
}

/** Each task's row of the closing table, by the task's name. */
function closingTable(output: string): Map<string, string> {
  const rows = [...output.matchAll(/^│ (.+?) +│ (.+?) +│ +(.+?) │$/gm)];
  return new Map(rows.slice(1).map(([, name = "", state = ""]) => [name, state]));
}

test("scripts/demo ends with the table of the task runs and a report with its chart", async () => {
  const demo = start(join(root, "scripts/demo"), [folder]);
  expect(await demo.ended, demo.output()).toBe(0);

  const table = closingTable(demo.output());
  expect([...table.keys()]).toEqual(expect.arrayContaining(tasks));
  for (const [task, state] of table) expect([task, state]).toEqual([task, expect.stringMatching(/^(\d+ )?Success$/)]);
  expect(demo.output()).toContain("attempt 1 of 4 failed");

  const report = join(folder, "report/weather.md");
  expect(demo.output().trimEnd().split("\n").slice(-2)).toEqual([
    `Report: ${report}`,
    `Chart:  ${join(folder, "report/weather.svg")}`,
  ]);
  expect(readFileSync(report, "utf8")).toContain("| Hottest day | 35.6 °C on 2014-08-11 | 37.8 °C on 2013-07-18 |");
  expect(readFileSync(join(folder, "report/weather.svg"), "utf8")).toMatch(/^<svg [\s\S]*New York[\s\S]*<\/svg>\s*$/);
});

test("the API killed for five seconds in the middle of it costs time and nothing else", async () => {
  const data = join(folder, "api.db");
  const port = `${await freePort()}`;
  const first = start(process.execPath, [binary, "api", "--port", port, "--data", data]);
  await first.until("\n");
  const url = first.output().trim();
  let api = first;
  try {
    const artifact = join(folder, "weather.prefect");
    await run("save", "src/weather.ts", "--output", artifact);
    const flow = await run("register", artifact, "--project", "demo", "--create-project", "--api", url);
    const id = await run("create-run", flow, "-p", `folder=${join(folder, "report")}`, "--api", url);

    const runner = start(process.execPath, [binary, "execute"], {
      PREFECT__CLOUD__API: url,
      PREFECT__CONTEXT__FLOW_RUN_ID: id,
      PREFECT__CLOUD__USE_LOCAL_SECRETS: "false",
      FLOW_RUNNER__APPLICATION_FOLDER: project,
      FLOW_RUNNER__FORMAT: "plain",
    });
    await runner.until("attempt 1 of 4 failed");
    api.child.kill("SIGKILL");
    await api.ended;
    // The outage is what is tested: this is its length.
    await delay(5000);
    expect(runner.child.exitCode).toBeNull();
    api = start(process.execPath, [binary, "api", "--port", port, "--data", data]);
    expect(await runner.ended, runner.output()).toBe(0);

    for (const [task, state] of closingTable(runner.output())) {
      expect([task, state]).toEqual([task, expect.stringMatching(/^(\d+ )?Success$/)]);
    }
    expect(existsSync(join(folder, "report/weather.md"))).toBe(true);
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        query: `{ flow_run_by_pk(id: "${id}") { state task_runs { state states { state } task { name } } } }`,
      }),
    });
    const { flow_run_by_pk: told } = answerSchema.parse(await answer.json()).data;
    expect(told.state).toBe("Success");
    expect(told.task_runs).toHaveLength(10 + 96 + 2 + 2);
    const download = told.task_runs.find(({ task }) => task.name === "download");
    expect(download?.states.map(({ state }) => state).sort()).toEqual(
      ["Pending", "Running", "Failed", "Retrying", "Running", "Success"].sort(),
    );
  } finally {
    api.child.kill("SIGTERM");
    await api.ended;
  }
});
