import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type RegistrationForm, registrationForm } from "../../src/graph/index.ts";
import { registrationFormSchema } from "../../src/graph/schemas.ts";
import { cacheValidators, flow, parameter, setReferenceTasks, task, triggers, unmapped } from "../../src/index.ts";
import { edge, graph, spec } from "./graphs.ts";

/** What Prefect 1.4.1's `flow.serialize()` gave for the flow that `weatherReport` is. */
const recorded: unknown = JSON.parse(
  readFileSync(join(import.meta.dirname, "fixtures/weather-report.prefect-1.4.1.json"), "utf8"),
);

const storage = { type: "Local", directory: "/flows", flows: { "weather report": "/flows/weather.prefect" } };

const fetchDay = task("fetch day", ({ day, station }: { day: string; station: string }) => day + station, {
  tags: ["weather", "api"],
  maxRetries: 3,
  retryDelay: "10s",
  timeout: "5s",
});
const mean = task("mean", ({ rows }: { rows: string[] }) => rows.length, {
  trigger: triggers.someFailed({ atMost: 0.5 }),
  cacheFor: "5m",
  cacheKey: "mean",
  cacheValidator: cacheValidators.partialInputsOnly(["rows"]),
});
const announce = task("announce", () => {}, { skipOnUpstreamSkip: false });

const weatherReport = flow("weather report", () => {
  const days = parameter("days", { default: ["2012-01-01"] });
  const station = unmapped(parameter<string>("station"));
  const first = announce();
  const a = fetchDay.map({ day: days, station });
  const b = fetchDay.map({ day: ["2012-01-01", "2012-01-02"], station });
  setReferenceTasks(mean({ rows: a }, { after: [first, b] }));
});

describe("registrationForm", () => {
  it("takes what Prefect 1.4.1 itself serializes for a form", () => {
    expect(() => registrationFormSchema.parse(recorded)).not.toThrow();
  });

  it("says of the same flow what Prefect 1.4.1 says", () => {
    const theirs = registrationFormSchema.parse(recorded);
    const ours = registrationFormSchema.parse(registrationForm(weatherReport.graph, { storage, labels: ["lab"] }));
    // Python's signatures are no part of it; our environment is what Prefect before 1.0 has.
    const known = ({ environment: _environment, storage: _storage, ...form }: RegistrationForm) => ({
      ...form,
      tasks: form.tasks.map(({ inputs: _inputs, ...rest }) => rest),
    });
    expect(known(ours)).toEqual(known(theirs));
    expect(ours.environment).toMatchObject({ type: "LocalEnvironment", labels: ["lab"] });
    expect(ours.storage).toMatchObject(storage);
  });

  it("names the inputs that other tasks feed", () => {
    const form = registrationForm(weatherReport.graph, { storage });
    expect(form.tasks.find(({ slug }) => slug === "mean-1")?.inputs).toEqual({
      rows: { required: true, type: "typing.Any" },
    });
  });

  it("makes Python identifiers of the keys, since Prefect cannot load any others", () => {
    const keys = ["query.days.0", "from", "2nd", "max temp", "ok"];
    const tasks = [spec("a"), spec("b")];
    const edges = keys.map((key) => edge("a", "b", { key }));
    const form = registrationForm(graph(tasks, edges), { storage });
    expect(form.edges.map(({ key }) => key).sort()).toEqual(["_2nd", "from_", "max_temp", "ok", "query__days__0"]);
    expect(Object.keys(form.tasks[1]?.inputs ?? {})).toEqual(["query", "from", "2nd", "max temp", "ok"]);
  });

  it("rounds times up to the seconds that Prefect knows", () => {
    const tasks = [spec("a", { maxRetries: 1, retryDelay: 500, timeout: 1_001, cacheFor: 1 })];
    expect(registrationForm(graph(tasks, []), { storage }).tasks[0]).toMatchObject({
      retry_delay: 1,
      timeout: 2,
      cache_for: 1,
    });
  });

  it("names functions of the author's own, and leaves out what they do", () => {
    const tasks = [
      spec("a", {
        trigger: { fn: "custom", name: "onlyOnMondays" },
        cacheKey: { fn: "custom" },
        cacheValidator: { fn: "custom", name: "sameMonth" },
      }),
    ];
    const environment = {
      type: "MyEnvironment",
      labels: ["gpu"],
      custom: true,
      hasOnStart: true,
      hasOnExit: false,
      password: "x",
    };
    const form = registrationForm(graph(tasks, [], { environment }), { storage, labels: ["lab", "gpu"] });
    expect(form.tasks[0]).toMatchObject({
      trigger: { fn: "flow_runner.triggers.onlyOnMondays", kwargs: {} },
      cache_key: null,
      cache_validator: { fn: "flow_runner.cache_validators.sameMonth", kwargs: {} },
    });
    expect(form.environment).toEqual({
      type: "CustomEnvironment",
      labels: ["gpu", "lab"],
      __version__: "1.4.1",
    });
    expect(form.run_config).toMatchObject({ type: "UniversalRun", labels: ["gpu", "lab"] });
  });
});
