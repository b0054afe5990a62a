import { existsSync } from "node:fs";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadSource } from "../../src/artifact/index.ts";
import { context, Flow, flow, LocalResultHandler, parameter, signals, task, unmapped } from "../../src/index.ts";

let folder: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "flow-runner-author-")));
});
afterEach(() => rm(folder, { recursive: true }));

/** Writes a flow's module as its author would have it, in a project that has flow-runner. */
async function source(name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

/** A flow of a module, as its author's own code has it. */
async function loaded(file: string, name: string): Promise<Flow> {
  const { flows } = await loadSource(file);
  const found = flows.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no flow ${name} in ${file}`);
  return new Flow(found);
}

const weather = `
  import { flow, parameter, task } from "flow-runner";
  const double = task("double", ({ x }: { x: number }): number => x * 2);
  const sum = task("sum", ({ xs }: { xs: number[] }): number => xs.reduce((a, b) => a + b, 0));
  export const weather = flow("weather", () => sum({ xs: double.map({ x: parameter("xs", { default: [1, 2] }) }) }));
`;

describe("flow.run", () => {
  it("runs the flow here, with its parameters, and tells the results", async () => {
    const double = task("double", async ({ x, by }: { x: number; by: number }) => x * by);
    const describeAll = task("describe", ({ q }: { q: { all: readonly number[]; unit: string } }) =>
      q.all.join(q.unit),
    );
    const built = flow("f", () => {
      const doubled = double.map({ x: parameter("xs", { default: [1] }), by: unmapped(2) });
      return describeAll({ q: { all: doubled, unit: "C " } });
    });
    const run = await built.run({ parameters: { xs: [1, 2, 3] } });
    expect(run.state).toMatchObject({ type: "Success", message: "All reference tasks succeeded." });
    expect(run.result("double-1")).toEqual([2, 4, 6]);
    expect(run.result(built.returned)).toBe("2C 4C 6");
  });

  it("retries the flow as often as it says, all of it, and tells the last attempt", async () => {
    const calls: string[] = [];
    const load = task("load", () => void calls.push("load"));
    const flaky = task("flaky", (_: { after: unknown }) => {
      calls.push("flaky");
      if (calls.length < 6) throw new Error(`${calls.length} calls`);
      return calls.length;
    });
    const twice = (maxRetries: number) =>
      flow("twice", () => flaky({ after: load() }), { maxRetries, retryDelay: "1ms" });
    const failed = await twice(1).run();
    expect([failed.state.type, calls.length]).toEqual(["Failed", 4]);
    const run = await twice(2).run();
    expect([run.state.type, run.result("flaky-1")]).toEqual(["Success", 6]);
    expect(run.taskRuns.map(({ slug, state }) => [slug, state.type])).toEqual([
      ["load-1", "Success"],
      ["flaky-1", "Success"],
    ]);
  });

  it("gives each body its context, and follows its signals", async () => {
    const counted = task("counted", () => {
      const rows = (context.loopResult as number[] | undefined) ?? [];
      if (context.loopCount < 3) signals.loop({ result: [...rows, context.loopCount] });
      return [context.flowName, context.taskSlug, ...rows];
    });
    const skipped = task("skipped", () => signals.skip("nothing new"));
    const retried = task("retried", () => (context.taskRunCount === 1 ? signals.fail("once") : context.taskRunCount), {
      maxRetries: 1,
      retryDelay: 1,
    });
    const built = flow("signals", () => [counted(), skipped(), retried()]);
    const run = await built.run();
    expect(run.result("counted-1")).toEqual(["signals", "counted-1", 1, 2]);
    expect(run.result("retried-1")).toBe(2);
    expect(run.taskRuns.find(({ slug }) => slug === "skipped-1")?.state).toMatchObject({
      type: "Skipped",
      message: "nothing new",
    });
  });

  it("persists results only when checkpoints are turned on", async () => {
    const one = task("one", () => 1);
    const built = flow("f", () => one(), { resultHandler: new LocalResultHandler({ dir: folder }) });
    const stored = async (checkpointing: boolean) => (await built.run({ checkpointing })).taskRuns[0]?.state.result;
    expect(await stored(false)).toBeNull();
    expect(await stored(true)).toMatchObject({ handler: { type: "LocalResultHandler" } });
  });

  it("refuses a parameter beside its options", async () => {
    const built = flow("f", () => parameter("days", { default: [] }));
    await expect(built.run({ days: ["2012-01-01"] } as object)).rejects.toThrow(
      "A parameter of the flow goes under parameters: run({ parameters: { days: … } }).",
    );
  });

  it("does not throw for a run that fails", async () => {
    const fails = task("fails", () => {
      throw new TypeError("no rows");
    });
    const run = await flow("f", () => fails()).run();
    expect(run.state).toMatchObject({ type: "Failed", message: "Some reference tasks failed." });
    expect(run.taskRuns[0]?.state.message).toContain("no rows");
  });
});

describe("what was saved and loaded", () => {
  it("runs, draws itself and is saved again, like the original", async () => {
    const original = await loaded(await source("weather.ts", weather), "weather");
    const saved = await original.save(join(folder, "weather.prefect"));
    const copy = await Flow.load(saved.path);
    expect(copy.graph).toEqual({ ...original.graph, tasks: expect.anything() });
    expect(copy.visualize()).toBe(original.visualize());
    const run = await copy.run({ parameters: { xs: [1, 2, 3] } });
    expect([run.state.type, run.result("sum-1")]).toEqual(["Success", 12]);
    const again = await copy.save(join(folder, "again.prefect"));
    expect(again.digest).toBe(saved.digest);
    expect(await Flow.load(again.path, { digest: saved.digest })).toBeInstanceOf(Flow);
  });

  it("is told apart by name where an artifact holds several flows", async () => {
    const file = await source("two.ts", `${weather}\nexport const other = flow("other", () => sum({ xs: [1] }));`);
    const { flows } = await loadSource(file);
    expect(flows.map(({ name }) => name).sort()).toEqual(["other", "weather"]);
    const { saveArtifact } = await import("../../src/artifact/index.ts");
    const { path } = await saveArtifact({ flows: file, output: join(folder, "two.prefect") });
    await expect(Flow.load(path)).rejects.toThrow(
      /holds 2 flows \("(?:other|weather)", "(?:other|weather)"\)\. Say which one/,
    );
    await expect(Flow.load(path, { flow: "third" })).rejects.toThrow('holds no flow named "third"');
    expect((await Flow.load(path, { flow: "other" })).name).toBe("other");
  });
});

describe("verbs at a module's top level", () => {
  const verbs = (after: string) => `
    import { writeFileSync } from "node:fs";
    ${weather}
    const mark = task("mark", () => writeFileSync(${JSON.stringify(join(folder, "ran"))}, ""));
    export const marked = flow("marked", () => mark());
    ${after}
  `;

  it("do not act while the module is being loaded", async () => {
    const file = await source(
      "verbs.ts",
      verbs(`
        void marked.run();
        await marked.run();
        await marked.save(${JSON.stringify(join(folder, "marked.prefect"))});
        await marked.register({ project: "demo" });
      `),
    );
    const { flows } = await loadSource(file);
    expect(flows.map(({ name }) => name).sort()).toEqual(["marked", "weather"]);
    // What was not awaited has had its time by now.
    await new Promise((done) => setImmediate(done));
    expect([existsSync(join(folder, "ran")), existsSync(join(folder, "marked.prefect"))]).toEqual([false, false]);
    await (await loaded(file, "marked")).run();
    expect(existsSync(join(folder, "ran"))).toBe(true);
  });

  it("say what happened when their outcome is used all the same", async () => {
    const file = await source("used.ts", verbs("const { state } = await marked.run();\nconsole.log(state);"));
    await expect(loadSource(file)).rejects.toThrow(
      'run() of flow "marked" did nothing, since its module was being loaded, but "state" of its outcome was used.',
    );
  });
});
