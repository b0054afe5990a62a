import { beforeAll, describe, expect, test } from "vitest";
import {
  type FlowGraph,
  type RegistrationOptions,
  registrationForm,
  registrationForm07,
} from "../../src/graph/index.ts";
import { nextEvents } from "../../src/graph/schedules.ts";
import { readSchedule, registrationFormSchema } from "../../src/graph/schemas.ts";
import {
  CronSchedule,
  cacheValidators,
  DatesClock,
  Environment,
  flow,
  IntervalClock,
  LocalEnvironment,
  parameter,
  RemoteEnvironment,
  Schedule,
  secret,
  setReferenceTasks,
  task,
  triggers,
  unmapped,
} from "../../src/index.ts";
import { imageStorage, localStorage } from "../../src/run/register/image-storage.ts";
import { askPrefect } from "./prefect-python.ts";
import { type PrefectVersion, prefectVenv } from "./prefect-venv.ts";

type Told = Record<string, unknown>;

const stored = { name: "", path: "/tmp/flow-runner-conformance/f.prefect", digest: "0".repeat(64) };
const add = task("add", ({ x, y }: { x: number; y: number }) => x + y);
const use = task("use", ({ of }: { of: unknown }) => of);
const nothing = () => {
  task("nothing", () => {})();
};

class Warmed extends Environment {}

const every = Object.values({ ...triggers, someFailed: null, someSuccessful: null }).filter((each) => each !== null);
const caching = Object.values({ ...cacheValidators, partialInputsOnly: null, partialParametersOnly: null });

interface Case {
  readonly graph: FlowGraph;
  readonly options?: Partial<RegistrationOptions>;
  /** Prefect 0.7 has no word for it. */
  readonly only1x?: true;
}

const cases: readonly Case[] = [
  {
    graph: flow("every trigger", () => {
      const first = task("first", () => 1)();
      for (const trigger of every) task("then", () => {}, { trigger })({}, { after: [first] });
      task("some", () => {}, { trigger: triggers.someFailed({ atLeast: 1, atMost: 0.5 }) })({}, { after: [first] });
      task("some", () => {}, { trigger: triggers.someSuccessful({ atLeast: 1 }) })({}, { after: [first] });
      task("own", () => {}, { trigger: () => true })({}, { after: [first] });
    }).graph,
  },
  {
    graph: flow("every cache validator", () => {
      for (const cacheValidator of caching) {
        if (cacheValidator !== null) task("cached", () => 1, { cacheFor: "90s", cacheKey: "k", cacheValidator })();
      }
      task("some", ({ x }: { x: number }) => x, {
        cacheFor: "1h",
        cacheValidator: cacheValidators.partialInputsOnly(["x"]),
      })({ x: parameter<number>("x") });
      task("some", () => 1, { cacheFor: "1h", cacheValidator: cacheValidators.partialParametersOnly() })();
      task("own", () => 1, { cacheFor: "1h", cacheValidator: () => true })();
    }).graph,
  },
  {
    graph: flow("tasks, parameters and edges", () => {
      const days = parameter("days", { default: [1, 2] });
      const y = parameter<number>("y");
      const sums = add.map({ x: days, y: unmapped(y) });
      const literal = add.map({ x: [1, 2], y: unmapped(parameter("z", { required: false }) as never) });
      const slow = task("slow", ({ from }: { from: unknown }) => from, {
        ...{ tags: ["b", "a"], maxRetries: 3, retryDelay: "1m", timeout: "90s", skipOnUpstreamSkip: false },
      });
      setReferenceTasks(use({ of: { days: [slow({ from: sums }), literal], token: secret("TOKEN") } }));
    }).graph,
  },
  { graph: flow('Grüße, "世界"', nothing, { environment: new LocalEnvironment({ labels: ["b", "a"] }) }).graph },
  {
    graph: flow("remote", nothing, {
      environment: new RemoteEnvironment({ executorKwargs: { concurrency: 4 }, labels: ["dask"] }),
    }).graph,
  },
  { graph: flow("an environment of its own", nothing, { environment: new Warmed({ labels: ["warm"] }) }).graph },
  {
    graph: flow("in an image", nothing).graph,
    options: { storage: imageStorage({ ...stored, name: "in an image" }, "localhost:5000/team/f:1.2"), labels: ["x"] },
  },
  {
    // What registration over 0.7 adds to the storage.
    graph: flow("known by its fingerprint", nothing).graph,
    options: {
      storage: { ...localStorage({ ...stored, name: "known by its fingerprint" }), fingerprint: "0".repeat(64) },
    },
  },
  {
    graph: flow("by cron", nothing, { schedule: new CronSchedule("0 9 * * mon", { timeZone: "Europe/Zurich" }) }).graph,
  },
  {
    graph: flow("by interval and dates", nothing, {
      schedule: new Schedule({
        clocks: [
          new IntervalClock({ interval: "1d", startDate: "2026-01-01T06:00", endDate: "2026-03-07T06:00" }),
          new DatesClock(["2026-05-01T12:00", "2026-04-01T12:00"], { timeZone: "Asia/Tokyo" }),
        ],
      }),
    }).graph,
  },
  {
    graph: flow("with parameters of each clock", () => void use({ of: parameter("of") }), {
      schedule: new CronSchedule("0 9 1-7 * mon", {
        dayOr: false,
        parameterDefaults: { of: { a: [1] } },
        labels: ["l"],
      }),
    }).graph,
    only1x: true,
  },
  ...["UniversalRun", "LocalRun", "DockerRun", "KubernetesRun", "ECSRun", "VertexRun"].map((type) => ({
    graph: flow(type, nothing).graph,
    options: { runConfig: { type, env: { STATION: "Seattle" }, labels: ["run"] }, labels: ["flow"] },
    only1x: true as const,
  })),
];

const seconds = (milliseconds: number | null): number | null =>
  milliseconds === null ? null : Math.ceil(milliseconds / 1000);

/** Prefect's schemas do not know this trigger, and load a task with their default. */
const triggerName = (name: string): string =>
  name === "not_all_skipped" || name === "custom" ? "all_successful" : name;

/** What Prefect must have understood of a flow. */
function expected({ graph, options = {} }: Case, version: PrefectVersion): Told {
  const labels = new Set([...graph.environment.labels, ...(options.labels ?? [])]);
  for (const label of (options.runConfig?.labels ?? []) as string[]) labels.add(label);
  const environment = graph.environment.custom ? "Environment" : graph.environment.type;
  const type = version === "0.7.0" ? environment : (options.runConfig?.type ?? "UniversalRun");
  const storage = options.storage ?? localStorage({ ...stored, name: graph.name });
  const terminal = graph.tasks.map(({ slug }) => slug).filter((slug) => graph.edges.every((e) => e.upstream !== slug));
  return {
    name: graph.name,
    tasks: graph.tasks
      .map((spec) => [
        ...[spec.slug, spec.name, spec.tags.toSorted(), spec.maxRetries],
        ...[spec.maxRetries > 0 ? seconds(spec.retryDelay) : null, seconds(spec.timeout)],
        ...[triggerName(spec.trigger.fn), spec.skipOnUpstreamSkip, seconds(spec.cacheFor), spec.cacheKey],
        // A task that Prefect makes itself has one for `cache_for`; a function of the author's is left out.
        spec.cacheValidator.fn === "custom" ? "duration_only" : spec.cacheValidator.fn,
        spec.kind === "constant",
      ])
      .sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)),
    edges: graph.edges
      .map(({ upstream, downstream, key, mapped }) => [upstream, downstream, (key ?? "").replaceAll(".", "__"), mapped])
      .map((edge) => (edge[2] === "from" ? edge.with(2, "from_") : edge))
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    parameters: graph.parameters
      .map((each) => [each.name, each.required, each.default ?? null])
      .sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)),
    reference_tasks: (graph.referenceTasks ?? terminal).toSorted(),
    schedule: graph.schedule && nextEvents(graph.schedule, 3, Date.parse("2026-03-07")).map((e) => minute(e.startTime)),
    place: [type, [...labels].sort()],
    storage: [storage.type, storage.flows],
  };
}

const minute = (time: number): string => new Date(time).toISOString().slice(0, 16);

describe.each([
  ["1.4.1", registrationForm, cases],
  ["0.7.0", registrationForm07, cases.filter(({ only1x }) => only1x !== true)],
] as const)("Prefect %s", (version, formOf, flows) => {
  describe.skipIf(prefectVenv(version).skipped)("as judge", () => {
    let answer: { told: Told[]; written: Record<string, unknown> };
    beforeAll(() => {
      const forms = flows.map(({ graph, options = {} }) =>
        formOf(graph, { storage: localStorage({ ...stored, name: graph.name }), ...options }),
      );
      answer = askPrefect(version, "load_flows.py", forms);
    });

    test.each(flows.map((each, at) => [each.graph.name, at, each] as const))("loads the flow %s", (_, at, each) => {
      expect(answer.told[at]).toEqual(expected(each, version));
    });

    test("writes a schedule that we read", () => {
      const read = readSchedule(answer.written.schedule);
      const schedule = "schedule" in read ? read.schedule : { clocks: [] };
      const times = nextEvents(schedule, 4, Date.parse("2026-03-07")).map(({ startTime }) => minute(startTime));
      expect(times).toEqual(["2026-03-07T05:00", "2026-03-07T09:00", "2026-03-07T11:00", "2026-03-07T17:00"]);
    });

    test.runIf(version === "1.4.1")("writes a form that ours takes", () => {
      expect(() => registrationFormSchema.parse(answer.written)).not.toThrow();
    });
  });
});
