import { describe, expect, test } from "vitest";
import { checkResults, checkSystem } from "../../src/checks/index.ts";
import type { FlowGraph, TaskSpec } from "../../src/graph/index.ts";
import { spec } from "../graph/graphs.ts";

const task = (slug: string, extra: Partial<TaskSpec> = {}): TaskSpec =>
  spec(slug, { definedAt: "weather.ts:3", ...extra });

const flow = (
  tasks: TaskSpec[],
  edges: [upstream: string, downstream: string, key: string | null][] = [],
): FlowGraph => ({
  name: "weather",
  slug: "weather",
  tasks,
  edges: edges.map(([upstream, downstream, key]) => ({ upstream, downstream, key, mapped: false })),
  parameters: [],
  referenceTasks: null,
  resultHandler: null,
  environment: { type: "LocalEnvironment", labels: [], custom: false, hasOnStart: false, hasOnExit: false },
  schedule: null,
  hasStateHandlers: false,
  hasTerminalStateHandler: false,
});

const s3 = { type: "S3ResultHandler", bucket: "b" };

describe("the result check", () => {
  test.each([
    [{ checkpoint: true }, "checkpoint: true"],
    [{ target: "x.json" }, "target"],
    [{ cacheFor: 1_000 }, "cacheFor"],
  ] as const)("an error for %j without a handler, none with one", (extra, words) => {
    const [finding] = checkResults(flow([task("fetch-1", extra)]));
    expect(finding).toMatchObject({ level: "error", flow: "weather" });
    expect(finding?.message).toMatch(/^Result has no ResultHandler: .*"fetch-1"/);
    expect(finding?.message).toContain(words);
    expect(finding?.message).toContain("weather.ts:3");
    expect(checkResults(flow([task("fetch-1", { ...extra, resultHandler: s3 })]))).toMatchObject([{ level: "ok" }]);
  });

  test("warns of a retry whose input would be lost with the container", () => {
    const tasks = [task("rows-1"), task("mean-1", { maxRetries: 2 })];
    const findings = checkResults(flow(tasks, [["rows-1", "mean-1", "rows"]]));
    expect(findings).toMatchObject([{ level: "warning" }]);
    expect(findings[0]?.message).toMatch(/input "rows" of task "mean-1".*retries/);
  });

  test.each([
    ["a constant, which comes with the artifact", task("rows-1", { kind: "constant" }), "rows"],
    ["a secret, which is fetched again", task("rows-1", { kind: "secret" }), "rows"],
    ["a persisted result", task("rows-1", { resultHandler: s3 }), "rows"],
    ["an edge without data", task("rows-1"), null],
  ])("does not warn of a retry fed by %s", (_, source, key) => {
    const findings = checkResults(flow([source, task("mean-1", { maxRetries: 2 })], [["rows-1", "mean-1", key]]));
    expect(findings).toMatchObject([{ level: "ok" }]);
  });
});

describe("the system check", () => {
  test("warns of another major version of Node only", () => {
    const check = (node: string) =>
      checkSystem({ node, flowRunner: "0.1.0" }, { node: "v26.10.0", flowRunner: "0.1.0" });
    expect(check("26.1.0")).toMatchObject([{ level: "ok" }]);
    expect(check("v24.0.0")).toMatchObject([{ level: "warning" }]);
    expect(check("24.0.0")[0]?.message).toMatch(/saved with Node 24 and this is Node 26/);
  });
});
