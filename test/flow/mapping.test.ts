import { describe, expect, it } from "vitest";
import { flow, parameter, task, unmapped } from "../../src/index.ts";
import { boundInputs, edgesInto } from "./binding.ts";

const fetchDay = task("fetch day", ({ day, station }: { day: string; station?: unknown }) => `${day} ${station}`);
const mean = task("mean", ({ rows }: { rows: readonly unknown[] }) => rows.length);

const spec = (built: ReturnType<typeof flow>, slug: string) => built.graph.tasks.find((task) => task.slug === slug);

describe("task.map", () => {
  it("maps over a reference, and hands an unmapped input on whole", () => {
    const built = flow("f", () => {
      const days = parameter("days", { default: ["2012-01-01"] });
      const station = parameter<string>("station");
      fetchDay.map({ day: days, station: unmapped({ name: station, id: 7 }) });
    });
    expect(edgesInto(built, "fetch day-1")).toEqual(["days =day=>", "station -station.name->"]);
    expect(spec(built, "fetch day-1")?.mapped).toBe(true);
    expect(spec(built, "days")?.mapped).toBe(false);
    expect(boundInputs(built, "fetch day-1")).toEqual({ day: "<day>", station: { name: "<station.name>", id: 7 } });
  });

  it("makes a task of a literal array, which is made again when a run is resumed", () => {
    const days = ["2012-01-01", "2012-01-02"];
    const built = flow("f", () => fetchDay.map({ day: days }));
    expect(edgesInto(built, "fetch day-1")).toEqual(["Constant[list]-1 =day=>"]);
    expect(spec(built, "Constant[list]-1")).toMatchObject({
      kind: "constant",
      checkpoint: false,
      onMissingResult: "rerun",
    });
    const constant = built.tasks.get("Constant[list]-1");
    expect(constant?.run(constant.bind(() => undefined))).toEqual(days);
  });

  it("makes a task of an array that holds references, each at its place", () => {
    const built = flow("f", () => {
      const first = fetchDay({ day: "2012-01-01" });
      fetchDay.map({ day: ["2012-01-02", first, fetchDay({ day: "2012-01-03" })] });
    });
    expect(edgesInto(built, "List-1")).toEqual(["fetch day-1 -items.1->", "fetch day-2 -items.2->"]);
    const list = built.tasks.get("List-1");
    expect(list?.run(list.bind((key) => `<${key}>`))).toEqual(["2012-01-02", "<items.1>", "<items.2>"]);
  });

  it("gives a plain literal no task", () => {
    const built = flow("f", () => fetchDay({ day: "2012-01-01" }));
    expect(built.graph.tasks.map(({ kind }) => kind)).toEqual(["task"]);
  });

  it("chains mapped tasks, and reduces by a plain call", () => {
    const built = flow("f", () => {
      const rows = fetchDay.map({ day: fetchDay.map({ day: ["a"] }) });
      mean({ rows });
    });
    expect(edgesInto(built, "fetch day-2")).toEqual(["fetch day-1 =day=>"]);
    expect(edgesInto(built, "mean-1")).toEqual(["fetch day-2 -rows->"]);
    expect(spec(built, "mean-1")?.mapped).toBe(false);
  });

  it("waits for others too", () => {
    const built = flow("f", () => {
      const first = mean({ rows: [] });
      fetchDay.map({ day: ["a"] }, { after: first });
    });
    expect(edgesInto(built, "fetch day-1")).toEqual(["Constant[list]-1 =day=>", "mean-1 -->"]);
  });

  it("refuses to map over what is no array, and over nothing", () => {
    const map = fetchDay.map as (inputs: unknown) => unknown;
    expect(() => flow("f", () => map({ day: "2012-01-01" }))).toThrow(
      'Task "fetch day": map() takes each input apart, but day is no array and no task\'s result. ' +
        "Give it whole to every child with unmapped().",
    );
    expect(() => flow("f", () => map({ day: unmapped("2012-01-01") }))).toThrow(
      'Task "fetch day": map() needs at least one input that is not unmapped().',
    );
  });

  it("refuses unmapped() anywhere but in map()", () => {
    const call = fetchDay as (inputs: unknown) => unknown;
    expect(() => flow("f", () => call({ day: unmapped("2012-01-01") }))).toThrow(
      'Task "fetch day": day is unmapped(), which is for the inputs of map() themselves.',
    );
    expect(() => fetchDay.map({ day: ["a"] })).toThrow("outside of a flow's build function");
  });
});
