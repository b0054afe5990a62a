import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LogRecord } from "../../src/engine/index.ts";
import type { BodyUse } from "../../src/host/index.ts";
import { describeUse } from "../../src/run/execute/usage/describe-use.ts";
import { type Deployed, deploy } from "./deployed.ts";

let deployed: Deployed;
beforeAll(async () => {
  deployed = await deploy(join(import.meta.dirname, "fixtures/measured.ts"));
});
afterAll(() => deployed.close());

async function logsAt(level: string): Promise<LogRecord[]> {
  const logs: LogRecord[] = [];
  const env = { PREFECT__LOGGING__LEVEL: level };
  await deployed.execute(await deployed.run("measured"), { env, onLog: (record) => logs.push(record) });
  return logs;
}

const used = (logs: readonly LogRecord[]) => logs.filter(({ message }) => /^Task '.*': ran /.test(message));

describe("what a run has used", () => {
  it("is told of each attempt, as the task's own or its host's, and of the run at INFO", async () => {
    const logs = await logsAt("DEBUG");
    const lines = used(logs);
    expect(lines.map(({ message }) => /'(.*?)'/.exec(message)?.[1]).sort()).toEqual(
      ["list", "waits[0]", "waits[1]", "waits[2]", "alone", "wobbles", "wobbles"].sort(),
    );
    expect(lines.every(({ taskRunId }) => taskRunId !== null)).toBe(true);
    // The one attempt that failed.
    expect(lines.map(({ level }) => level).sort()).toEqual([...Array(6).fill("DEBUG"), "INFO"]);

    const own = lines.find(({ message }) => message.startsWith("Task 'alone'"))?.message ?? "";
    const [, wall, cpu, mib] =
      /ran ([\d.]+) s, used ([\d.]+) s of CPU and at most ([\d.]+) MiB of memory, in a process of its own\.$/.exec(
        own,
      ) ?? [];
    expect(Number(wall)).toBeGreaterThanOrEqual(0.2);
    expect(Number(cpu)).toBeGreaterThan(0.02);
    expect(Number(mib)).toBeGreaterThan(200);
    expect(Number(mib)).toBeLessThan(600);

    const shared = lines.find(({ message }) => message.startsWith("Task 'waits[1]'"))?.message;
    expect(shared).toMatch(
      /ran [\d.]+ s; its host, which it shared with up to 2 other tasks, used [\d.]+ s of CPU meanwhile, and its memory (grew|shrank) by [\d.]+ MiB to [\d.]+ MiB\.$/,
    );
    expect(lines[0]?.message).toMatch(/^Task 'list': ran .*; its host's memory (grew|shrank) by/);

    const all = logs.filter(({ message }) => message.startsWith("The tasks' host used"));
    expect(all).toMatchObject([{ level: "INFO", name: "prefect.CloudFlowRunner", taskRunId: null }]);
    expect(all[0]?.message).toMatch(
      /^The tasks' host used [\d.]+ s of CPU and at most [\d.]+ MiB of memory; one isolated task used [\d.]+ s of CPU and at most [\d.]+ MiB of memory; the runner [\d.]+ s of CPU and at most [\d.]+ MiB of memory\.$/,
    );
  });

  it("is told of the run and of an attempt that failed at INFO", async () => {
    const logs = await logsAt("INFO");
    expect(used(logs)).toMatchObject([{ message: expect.stringMatching(/^Task 'wobbles': ran/) }]);
    expect(logs.filter(({ message }) => message.startsWith("The tasks' host used"))).toHaveLength(1);
  });
});

const mib = 1024 * 1024;
const usage: BodyUse["usage"] = {
  began: 0,
  wall: 1_500,
  cpu: 20,
  memory: 130 * mib,
  grown: 12 * mib,
  peak: 200 * mib,
  beside: 0,
  total: 300,
};

it.each<[string, Partial<BodyUse["usage"]>, boolean, string]>([
  ["alone in its host", {}, false, "ran 1.500 s, used 0.020 s of CPU; its host's memory grew by 12.0 MiB to 130 MiB."],
  [
    "one that shrinks",
    { grown: -mib },
    false,
    "ran 1.500 s, used 0.020 s of CPU; its host's memory shrank by 1.0 MiB to 130 MiB.",
  ],
  [
    "beside another",
    { beside: 1 },
    false,
    "ran 1.500 s; its host, which it shared with one other task, used 0.020 s of CPU meanwhile, and its memory grew by 12.0 MiB to 130 MiB.",
  ],
  [
    "isolated",
    { wall: 12_345 },
    true,
    "ran 12.3 s, used 0.020 s of CPU and at most 200 MiB of memory, in a process of its own.",
  ],
])("what an attempt has used is told in a sentence: %s", (_name, of, isolated, sentence) => {
  expect(describeUse({ ...usage, ...of }, isolated)).toBe(sentence);
});
