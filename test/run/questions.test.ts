import { expect, it } from "vitest";
import { messageOf } from "../../src/errors/message-of.ts";
import { type ArtifactTable, context, flow, task } from "../../src/index.ts";

const attempt = (asked: Promise<unknown>) => asked.catch(messageOf);

const reads = task("reads", async () => {
  const { variables } = context;
  return [
    await variables.get("region"),
    await variables.get("quota", 7),
    await attempt(variables.get("quota")),
    await attempt(variables.set("quota", 7)),
    await attempt(variables.set("Quota 7", 7)),
    await attempt(variables.set("quota", { many: 1n })),
  ];
});

it("without an API there are the variables of the run's context, and what lacks is said", async () => {
  const weather = flow("weather", () => {
    reads();
  });
  const run = await weather.run({ context: { variables: { region: ["eu"] } } });
  expect(run.result("reads-1")).toEqual([
    ["eu"],
    7,
    expect.stringMatching(/^Variable "quota" cannot be had: the run has no API.*PREFECT__CONTEXT__VARIABLES__QUOTA=/),
    expect.stringMatching(/^Variable "quota" cannot be had: the run has no API/),
    expect.stringMatching(/^Variable "Quota 7" cannot be set: its name must only contain lowercase letters/),
    expect.stringMatching(/^Variable "quota" cannot be set: its value must be JSON, but/),
  ]);
});

const shows = task("shows", async () => {
  const { artifacts } = context;
  await artifacts.table({ station: ["Seattle"], mean: [Number.NaN] }, { key: "means", description: "of a year" });
  const id = await artifacts.progress(-1, { key: "so-far" });
  await artifacts.updateProgress(id, 50);
  await artifacts.link("https://example.org/", { text: "more" });
  await artifacts.image(`data:image/png;base64,${"A".repeat(20_000)}`, { key: "chart" });
  return [
    await attempt(artifacts.markdown("x", { key: "The report" })),
    await attempt(artifacts.table("x" as unknown as ArtifactTable)),
    await attempt(artifacts.table([{ many: 1n }])),
    await attempt(artifacts.markdown("x".repeat(1_000_000))),
    await attempt(artifacts.progress(Number.NaN)),
  ];
});

it("without an API artifacts are told in the log, and what is none is refused", async () => {
  const weather = flow("weather", () => {
    shows();
  });
  const lines: string[] = [];
  const run = await weather.run({ observer: { onLog: ({ level, message }) => lines.push(`${level} ${message}`) } });
  expect(lines.filter((line) => / Artifact | progress /.test(line))).toEqual([
    'INFO Artifact means (of a year): table\n{"station":["Seattle"],"mean":[null]}',
    "WARNING A progress of -1 % is taken for 0 %.",
    "INFO Artifact so-far: 0 %",
    "INFO Artifact so-far: 50 %",
    expect.stringMatching(/^INFO Artifact [0-9a-f-]{36}: markdown\n\[more\]\(https:\/\/example\.org\/\)$/),
    expect.stringMatching(/^INFO Artifact chart: image\ndata:image\/png;base64,A+ … \(10022 more characters\)$/),
  ]);
  expect(run.result("shows-1")).toEqual([
    'No markdown artifact: its key "The report" must only contain lowercase letters, numbers and dashes.',
    "No table artifact: it must be a list of objects, a list of lists, or an object of lists.",
    expect.stringMatching(/^No table artifact: it must be JSON: .*BigInt/),
    expect.stringMatching(/^No markdown artifact: it has 1000000 bytes, and the most is 900000/),
    "No progress artifact: NaN is no percentage.",
  ]);
});

const holds = task("holds", async () => [
  await context.concurrency("database", () => "ran"),
  await context.concurrency("database", { occupy: 2 }, () => "ran again"),
  await attempt(context.rateLimit("calls", { strict: true })),
  await attempt(context.concurrency(["a", "b"], { timeout: "soon" as "1s" }, () => "ran")),
]);

it("without an API nothing limits a body, which the log says once, unless it asks strictly", async () => {
  const weather = flow("weather", () => {
    holds();
  });
  const lines: string[] = [];
  const run = await weather.run({ observer: { onLog: ({ level, message }) => lines.push(`${level} ${message}`) } });
  expect(run.result("holds-1")).toEqual([
    "ran",
    "ran again",
    expect.stringMatching(/^There is no limit to hold to: the limit "calls" .* the run has no API/),
    'Slots of the limits "a", "b" cannot be asked for: the timeout "soon" is no length of time, as "1m" is.',
  ]);
  expect(lines.filter((line) => line.includes("limits"))).toEqual([
    'WARNING Nothing limits what holds to "database": the run has no API.',
  ]);
});
