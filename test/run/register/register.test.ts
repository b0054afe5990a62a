import { describe, expect, onTestFinished, test } from "vitest";
import { startApi } from "../../../src/api/index.ts";
import type { DialectName } from "../../../src/config/index.ts";
import type { FlowGraph } from "../../../src/graph/index.ts";
import { CronSchedule, cacheValidators, flow, parameter, task } from "../../../src/index.ts";
import { createRun } from "../../../src/run/register/create-run.ts";
import { type RegisterOptions, registerStored } from "../../../src/run/register/register.ts";
import { clientOf } from "../../api/api-client.ts";
import { edge, graph, spec } from "../../graph/graphs.ts";
import { losingProxy } from "./losing-proxy.ts";

const show = task("show", ({ day }: { day: string }) => day);
const daily = flow("daily", () => show({ day: parameter("day", { default: "today" }) }), {
  schedule: new CronSchedule("0 9 * * *"),
}).graph;

async function open() {
  const api = await startApi();
  onTestFinished(() => api.close());
  const accessAt = (apiUrl: string, dialect: DialectName = "1.x") => ({
    apiUrl,
    apiKey: null,
    tenantId: null,
    dialect,
  });
  const register = (
    of: FlowGraph,
    more: Partial<RegisterOptions> & { digest?: string; url?: string; dialect?: DialectName } = {},
  ) => {
    const { digest = "0".repeat(64), url = api.url, dialect, ...options } = more;
    const stored = { name: of.name, path: `/flows/${of.slug}.prefect`, digest };
    return registerStored(of, stored, accessAt(url, dialect), { project: "demo", createProject: true, ...options });
  };
  return { ...clientOf(api), access: accessAt(api.url), register };
}

describe("registering a flow", () => {
  test("again changes nothing, as long as nothing has changed", async () => {
    const { register, send } = await open();
    const first = await register(daily);
    expect(first).toMatchObject({ name: "daily", project: "demo", version: 1, isNew: true });
    expect(await register(daily)).toEqual({ ...first, isNew: false });
    expect(await send("{ flow { version archived } }")).toEqual({ flow: [{ version: 1, archived: false }] });
  });

  test.each([
    ["its code", daily, { digest: "1".repeat(64) }],
    ["its graph", { ...daily, tasks: daily.tasks.map((each) => ({ ...each, maxRetries: 3 })) }, {}],
    ["its schedule", { ...daily, schedule: null }, {}],
    ["its labels", daily, { labels: ["lab"] }],
    ["its run config", daily, { runConfig: { type: "LocalRun" } as const }],
    ["nothing, by force", daily, { force: true }],
  ])("makes a new version when it changes %s, and archives the one before it", async (_, changed, options) => {
    const { register, send } = await open();
    await register(daily);
    expect(await register(changed, options)).toMatchObject({ version: 2, isNew: true });
    expect(await register(changed, { ...options, force: false })).toMatchObject(
      "force" in options ? { version: 3 } : { version: 2, isNew: false },
    );
    const { flow } = await send<{ flow: { archived: boolean }[] }>("{ flow { archived } }");
    expect(flow.filter(({ archived }) => !archived)).toHaveLength(1);
  });

  test("tells agents its labels, its run config and its variables", async () => {
    const { register, send, access } = await open();
    const runConfig = { type: "DockerRun", image: "f:1", env: { A: "1", B: "1" }, labels: ["docker"] } as const;
    await register(daily, { runConfig, env: { B: "2" }, labels: ["lab"] });
    await createRun("daily", access, { project: "demo" });
    const { flow_run } = await send("{ flow_run(where: { auto_scheduled: { _eq: false } }) { labels run_config } }");
    expect(flow_run).toEqual([
      {
        labels: ["docker", "lab"],
        run_config: expect.objectContaining({ type: "DockerRun", image: "f:1", env: { A: "1", B: "2" } }),
      },
    ]);
  });

  test("activates its schedule, unless it is not to", async () => {
    const { register, send } = await open();
    const active = async () =>
      (await send("{ flow(where: { archived: { _eq: false } }) { is_schedule_active } }")).flow;
    await register(daily, { setScheduleActive: false });
    expect(await active()).toEqual([{ is_schedule_active: false }]);
    await register(daily);
    expect(await active()).toEqual([{ is_schedule_active: true }]);
    expect((await send<{ flow_run: unknown[] }>("{ flow_run { id } }")).flow_run).toHaveLength(10);
  });
});

describe("a flow is not registered", () => {
  test("in a project that is not there: the message says how to create it", async () => {
    const { register, send } = await open();
    await expect(register(daily, { createProject: false })).rejects.toMatchObject({
      code: "PROJECT_NOT_FOUND",
      message: expect.stringMatching(/"demo".*--create-project/s),
    });
    expect(await send("{ project { id } }")).toEqual({ project: [] });
  });

  test("with a schedule that gives no value for a required parameter", async () => {
    const { register, send } = await open();
    const needs = (parameterDefaults: object) =>
      flow("needs", () => show({ day: parameter<string>("day") }), {
        schedule: new CronSchedule("0 9 * * *", { parameterDefaults: { ...parameterDefaults } }),
      }).graph;
    await expect(register(needs({}))).rejects.toMatchObject({
      code: "SCHEDULE_NEEDS_PARAMETERS",
      message: expect.stringContaining('"needs" gives no value for "day"'),
    });
    expect(await send("{ flow { id } project { id } }")).toEqual({ flow: [], project: [] });
    await register(needs({ day: "monday" }));
    const { flow_run } = await send<{ flow_run: unknown[] }>("{ flow_run(limit: 1) { parameters } }");
    expect(flow_run).toEqual([{ parameters: { day: "monday" } }]);
  });

  test("with a run config that Prefect does not have", async () => {
    const { register } = await open();
    const refusal = { code: "RUN_CONFIG_INVALID", message: expect.stringContaining("type: ") };
    await expect(register(daily, { runConfig: { type: "dockerrun" as never } })).rejects.toMatchObject(refusal);
  });
});

describe("with an API of Prefect 0.7", () => {
  test("a flow is registered whole, with its environment and its schedule", async () => {
    const { register, send } = await open();
    expect(await register(daily, { dialect: "0.7", labels: ["lab"] })).toMatchObject({ version: 1, isNew: true });
    const { flow } = await send(
      "{ flow { core_version is_schedule_active environment run_config tasks { slug } edges { key } flow_runs { id } } }",
    );
    expect(flow).toEqual([
      {
        ...{ core_version: "0.7.0", is_schedule_active: true, run_config: null },
        environment: expect.objectContaining({ type: "LocalEnvironment", labels: ["lab"] }),
        ...{ tasks: [{ slug: "day" }, { slug: "show-1" }], edges: [{ key: "day" }] },
        flow_runs: Array.from({ length: 10 }, () => ({ id: expect.any(String) })),
      },
    ]);
  });

  test("again changes nothing, as long as nothing has changed", async () => {
    const { register, send } = await open();
    const on07 = (options: Parameters<typeof register>[1] = {}) => register(daily, { dialect: "0.7", ...options });
    const first = await on07();
    expect(await on07()).toEqual({ ...first, isNew: false });
    expect(await on07({ force: true })).toMatchObject({ version: 2, isNew: true });
    expect(await on07({ digest: "1".repeat(64) })).toMatchObject({ version: 3, isNew: true });
    expect(await on07({ digest: "1".repeat(64) })).toMatchObject({ version: 3, isNew: false });
    // The same flow in another project, or before, is not the newest version.
    expect(await on07({ project: "other" })).toMatchObject({ version: 1, isNew: true });
    expect(await on07()).toMatchObject({ version: 4, isNew: true });
    const { flow } = await send<{ flow: unknown[] }>("{ flow(where: { archived: { _eq: false } }) { id } }");
    expect(flow).toHaveLength(2);
  });

  test("a version without its schedule is another one, since a schedule cannot be activated later", async () => {
    const { register, send } = await open();
    const active = async () =>
      (await send("{ flow(where: { archived: { _eq: false } }) { version is_schedule_active } }")).flow;
    await register(daily, { dialect: "0.7", setScheduleActive: false });
    expect(await active()).toEqual([{ version: 1, is_schedule_active: false }]);
    await register(daily, { dialect: "0.7" });
    expect(await active()).toEqual([{ version: 2, is_schedule_active: true }]);
  });

  test.each([false, true])("an answer that is lost makes no second version (by force: %s)", async (force) => {
    const { register, send, api } = await open();
    const creation = "createFlowFromCompressedString";
    let lost = 0;
    const way = await losingProxy(api.url, (asked) => asked === creation && lost++ === 0);
    expect(await register(daily, { dialect: "0.7", url: way.url, force })).toMatchObject({ version: 1, isNew: true });
    expect(await send("{ flow { version } }")).toEqual({ flow: [{ version: 1 }] });
    expect(way.asked.filter((name) => name === creation)).toHaveLength(1);
    expect(way.asked.slice(way.asked.indexOf(creation))).toEqual([creation, "flow", "flow_by_pk"]);
  });

  test("what it does not know is refused", async () => {
    const { register } = await open();
    const refusal = (what: string) => ({ code: "REGISTRATION_NOT_IN_07", message: expect.stringContaining(what) });
    await expect(register(daily, { dialect: "0.7", env: { A: "1" } })).rejects.toMatchObject(refusal("run configs"));
    const clocks = (daily.schedule?.clocks ?? []).map((clock) => ({ ...clock, labels: ["x"] }));
    const labelled = { ...daily, schedule: { clocks } };
    await expect(register(labelled, { dialect: "0.7" })).rejects.toMatchObject(refusal("a clock with labels"));
  });
});

describe("a flow of 3,000 tasks and 6,000 edges", () => {
  const slugs = Array.from({ length: 3_000 }, (_, at) => `t-${at + 1}`);
  const large = graph(
    slugs.map((slug) => spec(slug, { cacheFor: 60_000, cacheKey: slug, cacheValidator: cacheValidators.allInputs })),
    slugs
      .flatMap((slug, at) =>
        [1, 2].map((step) => edge(slug, slugs[at + step] ?? `t-end-${step}`, { key: `in${step}` })),
      )
      .filter(({ downstream }) => !downstream.startsWith("t-end"))
      .concat([1, 2, 3].map((key) => edge("t-1", "t-3000", { key: `first${key}` }))),
    { name: "large", slug: "large", schedule: daily.schedule },
  );
  const counts =
    "{ flow { version is_schedule_active } task_aggregate { aggregate { count } } edge_aggregate { aggregate { count } } }";
  const all = {
    flow: [{ version: 1, is_schedule_active: true }],
    task_aggregate: { aggregate: { count: 3_000 } },
    edge_aggregate: { aggregate: { count: 6_000 } },
  };

  test("is registered in lists of 500, and an answer that is lost on the way does no harm", async () => {
    const { register, send, api } = await open();
    const losing = ["create_flow_from_compressed_string", "register_tasks", "register_edges"];
    const seen = new Set<string>();
    const way = await losingProxy(
      api.url,
      (asked) => losing.includes(asked) && !seen.has(asked) && seen.add(asked).size > 0,
    );
    const registered = await register(large, { url: way.url });
    expect(registered).toMatchObject({ version: 1, isNew: true });
    expect(await send(counts)).toEqual(all);
    expect(way.asked.filter((name) => name === "register_tasks")).toHaveLength(6 + 1);
    expect(way.asked.filter((name) => name === "register_edges")).toHaveLength(12 + 1);
    expect([...new Set(way.asked)].slice(-5)).toEqual([...losing, "set_schedule_active", "flow_by_pk"]);
  });

  test("that was cut off halfway runs nothing, and is completed by the next registration", async () => {
    const { register, send, api, access } = await open();
    const way = await losingProxy(api.url, (asked) => asked === "register_edges");
    await expect(register(large, { url: way.url })).rejects.toMatchObject({ code: "API_UNREACHABLE" });
    expect(await send("{ flow { is_schedule_active } flow_run { id } }")).toEqual({
      flow: [{ is_schedule_active: false }],
      flow_run: [],
    });
    expect(await register(large)).toMatchObject({ version: 1, isNew: false });
    expect(await send(counts)).toEqual(all);
    expect(access.apiUrl).toBe(api.url);
  });
});
