import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LogRecord } from "../../src/engine/index.ts";
import { eventually } from "../eventually.ts";
import { type ChildRun, idOf, runInChild } from "./child-run.ts";

const mib = 1024 * 1024;

/** What a runner that is well does meanwhile. */
class Pulse {
  #last = performance.now();
  readonly firstMemory = process.memoryUsage.rss();
  longestPause = 0;
  mostMemory = 0;
  readonly #timer = setInterval(() => this.#beat(), 20);

  #beat(): void {
    const now = performance.now();
    this.longestPause = Math.max(this.longestPause, now - this.#last);
    this.mostMemory = Math.max(this.mostMemory, process.memoryUsage.rss());
    this.#last = now;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#beat();
  }
}

let folder: string;
let crashingAddon: string | undefined;
const mark = `MISCHIEF=${crypto.randomUUID()}`;
const { TMPDIR } = process.env;

/** What there is of a run: processes with its variable, files where it keeps its own, descriptors of the runner. */
function leftovers(): { readonly processes: string[]; readonly files: string[]; readonly descriptors: number } {
  const processes = readdirSync("/proc").filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, "latin1").split("\0").includes(mark);
    } catch {
      return false;
    }
  });
  return { processes, files: readdirSync(join(folder, "tmp")), descriptors: readdirSync("/proc/self/fd").length };
}

/** A library whose loading reads from nowhere. Without a compiler the task sends itself what the kernel would. */
function compileAddon(): string | undefined {
  const [source, addon] = [join(folder, "addon.c"), join(folder, "addon.node")];
  writeFileSync(source, "__attribute__((constructor)) static void crash(void) { *(volatile int *)0 = 1; }\n");
  try {
    execFileSync("cc", ["-shared", "-fPIC", "-nostdlib", "-o", addon, source], { stdio: "pipe" });
    return addon;
  } catch (error) {
    if (process.env.CI === "true") throw error;
    console.warn("no C compiler (scripts/ci-setup): a signal stands for an addon that crashes");
    return undefined;
  }
}

const run = (flow: string, options: Parameters<typeof runInChild>[1] = {}): Promise<ChildRun> => {
  const [name = "", value] = mark.split("=");
  const more = crashingAddon === undefined ? {} : { CRASHING_ADDON: crashingAddon };
  const env = { ...process.env, ...more, [name]: value, NODE_OPTIONS: "--max-old-space-size=64" };
  // An answer is as long as its question, as the runner's own are.
  const ask = (question: object) => Promise.reject(new Error(`there is none: ${JSON.stringify(question)}`));
  return runInChild(flow, { file: "mischief.ts", env, concurrency: 1, ask, ...options });
};

let pulse: Pulse;
let before: ReturnType<typeof leftovers>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mischief-"));
  mkdirSync(join(folder, "tmp"));
  process.env.TMPDIR = join(folder, "tmp");
  crashingAddon = compileAddon();
});
afterAll(() => {
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  rmSync(folder, { recursive: true });
});

const begin = (): void => {
  before = leftovers();
  pulse = new Pulse();
};

/** The runner was there all the time, and is as it was before. */
async function expectUnhurt(): Promise<void> {
  pulse.stop();
  expect(pulse.longestPause).toBeLessThan(5_000);
  expect(pulse.mostMemory - pulse.firstMemory).toBeLessThan(200 * mib);
  // What is killed is gone a moment later, and its descriptors with it.
  await eventually(() => {
    const { descriptors, ...rest } = leftovers();
    expect(rest).toEqual({ processes: before.processes, files: before.files });
    expect(descriptors).toBeLessThanOrEqual(before.descriptors);
  });
}

const broken = "The task's host ended: its control channel was broken, so it was ended. ";

describe("a task's mischief ends that attempt with the reason, and the next one succeeds in a fresh host:", () => {
  let all: ChildRun;
  beforeAll(async () => {
    begin();
    all = await run("all");
  });

  test.each<[string, string | RegExp]>([
    ["blocks the loop", "Error during execution of task: Error: has blocked"],
    ["spins", /^Task timed out during execution\. It held its host's thread/],
    ["takes all memory", /^The task's host ended: out of memory: V8's heap limit/],
    ["crashes in native code", /^The task's host ended: killed by SIGSEGV/],
    ["fakes the timers", /^Task timed out during execution\.$/],
    ["aborts", /^The task's host ended: killed by SIGABRT/],
    ["exits", "The task called process.exit(7), which ended its host."],
    ["exits unheard", /^The task's host ended: exit code 7/],
    ["removes all listeners", /^The task's host ended: exit code 1.*RangeError: nobody listens/s],
    ["ignores all signals", /^Task timed out during execution\. It held its host's thread/],
    ["closes its output", "Error during execution of task: Error: still there"],
    ["closes its channel", `${broken}It was closed while the host lived`],
    ["closes all and spins", /^The task's host ended: killed by SIGABRT|^The task's host ended: its control channel/],
    ["breaks JSON", `${broken}The other side of the host protocol sent a line that is not a frame`],
    ["forges answers", `${broken}A line came on the control channel that is not the host's own: {"type":"ran","id":0`],
    [
      "floods its channel",
      `${broken}A line came on the control channel that is not the host's own: {"type":"ran","id":0`,
    ],
    [
      "floods its channel without a line",
      `${broken}A line came on the control channel that is not the host's own: xxx`,
    ],
    ["asks without end", `${broken}The host asked its runner without end`],
    ["leaves orphans and dies", /^The task's host ended: killed by SIGKILL/],
    ["leaves one that cannot be known and dies", /^The task's host ended: killed by SIGKILL/],
    ["leaves orphans", "Error during execution of task: Error: it is on its own"],
  ])("%s", (name, reason) => {
    const label = `${name}-1`;
    const ended = all.states(label)[1];
    expect(ended?.type).toBe(
      reason instanceof RegExp && reason.source.startsWith("^Task timed") ? "TimedOut" : "Failed",
    );
    if (typeof reason === "string") expect(ended?.message).toContain(reason);
    else expect(ended?.message).toMatch(reason);
    expect(all.types(label).slice(2)).toEqual(["Retrying", "Running", "Success"]);
    expect(all.result(label)).toBe("recovered");
  });

  test("the runner was there all the time, and nothing is left behind", async () => {
    expect(all.outcome.state.type).toBe("Success");
    const orphans = all.logs.filter(({ message }) => message === "an orphan is left");
    expect(orphans).toHaveLength(2);
    await expectUnhurt();
  });
});

test("what a task throws after it has returned is logged as its own, and nobody is to blame", async () => {
  const late = await run("late");
  expect(late.types("throws later-1")).toEqual(["Running", "Success"]);
  expect(late.types("works-1")).toEqual(["Running", "Success"]);
  const [stray] = late.logs.filter(({ message }) => message.includes("RangeError: I had returned"));
  expect(stray).toMatchObject({
    level: "ERROR",
    taskRunId: idOf("throws later-1"),
    message: expect.stringMatching(/^An error that no running task awaited/),
  });
});

test("100 MB of output are told to the last line, and the runner keeps its pace and size", async () => {
  begin();
  let characters = 0;
  const onLog = ({ name, message }: LogRecord): void => {
    if (name === "prefect.stdout") characters += message.length;
  };
  const shouting = await run("shouting", { keepLogs: false, onLog });
  expect(shouting.types("shouts-1")).toEqual(["Running", "Success"]);
  expect(characters).toBe(100_000 * 999);
  await expectUnhurt();
});
