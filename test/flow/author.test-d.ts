/**
 * What the compiler must accept and refuse in an author's flow. Compiled by `tsc`, never run: an unused
 * `@ts-expect-error` is an error too, so each of them is a test.
 */
import { expectTypeOf } from "vitest";
import { z } from "zod";
import {
  context,
  type Flow,
  flow,
  parameter,
  secret,
  signals,
  type TaskResult,
  task,
  triggers,
  unmapped,
} from "../../src/index.ts";

interface Reading {
  readonly date: string;
  readonly max: number;
}

interface Query {
  readonly station: string;
  readonly days: readonly string[];
  readonly limit?: number;
}

const now = task("now", () => new Date());
const fetchDay = task("fetch day", async ({ day }: { day: string }): Promise<Reading> => ({ date: day, max: 1 }));
const fetchAll = task("fetch all", ({ query }: { query: Query }): Reading[] =>
  query.days.map((date) => ({ date, max: 1 })),
);
const mean = task("mean", ({ rows }: { rows: readonly Reading[] }) => rows.length);
const label = task("label", ({ text, unit }: { text: string; unit?: "C" | "F" }) => `${text}${unit ?? ""}`);
const either = task("either", ({ value }: { value: string | number }) => String(value));
const pair = task("pair", ({ both }: { both: readonly [string, number] }) => both[0]);
const since = task("since", ({ at, tags }: { at: Date; tags: Map<string, number> }) => at.getTime() + tags.size);
const anything = task("anything", ({ value }: { value: unknown }) => value);
const allOptional = task("all optional", ({ a = 1 }: { a?: number } = {}) => a);

export const accepted: Flow<TaskResult<number>> = flow("accepted", () => {
  // Results are awaited, and know their type.
  expectTypeOf(fetchDay({ day: "2012-01-01" })).toEqualTypeOf<TaskResult<Reading>>();
  expectTypeOf(now()).toEqualTypeOf<TaskResult<Date>>();
  expectTypeOf(fetchDay.map({ day: ["2012-01-01"] })).toEqualTypeOf<TaskResult<Reading[]>>();

  // Parameters and secrets.
  const days = parameter("days", { default: ["2012-01-01"] });
  expectTypeOf(days).toEqualTypeOf<TaskResult<string[]>>();
  expectTypeOf(parameter("limit", { default: 3 })).toEqualTypeOf<TaskResult<number>>();
  const station = parameter<string>("station");
  expectTypeOf(station).toEqualTypeOf<TaskResult<string>>();
  expectTypeOf(parameter<string>("city", { required: true })).toEqualTypeOf<TaskResult<string>>();
  expectTypeOf(parameter<string>("note", { required: false })).toEqualTypeOf<TaskResult<string | null>>();
  const dates = z.array(z.iso.date());
  expectTypeOf(parameter("dates", { schema: dates })).toEqualTypeOf<TaskResult<string[]>>();
  expectTypeOf(parameter("dates 2", { schema: dates, default: ["2012-01-01"] })).toEqualTypeOf<TaskResult<string[]>>();
  expectTypeOf(parameter("dates 3", { schema: dates, required: false })).toEqualTypeOf<TaskResult<string[] | null>>();
  const count = z.string().transform(Number);
  expectTypeOf(parameter("count", { schema: count, default: "3" })).toEqualTypeOf<TaskResult<number>>();
  // @ts-expect-error The default is what goes in.
  parameter("count 2", { schema: count, default: 3 });
  expectTypeOf(parameter<number>("count 3", { schema: { type: "integer" } })).toEqualTypeOf<TaskResult<number>>();
  expectTypeOf(secret<string>("TOKEN")).toEqualTypeOf<TaskResult<string>>();

  // A value, a reference, or references anywhere inside.
  const day = label({ text: "2012-01-01" });
  fetchAll({ query: { station: "SEA", days: ["2012-01-01"] } });
  fetchAll({ query: { station, days: [day, "2012-01-02"], limit: 3 } });
  fetchAll({ query: { station, days } });
  pair({ both: [day, 1] });
  either({ value: day });
  either({ value: parameter<string | number>("either") });
  since({ at: now(), tags: new Map([["a", 1]]) });
  since({ at: new Date(), tags: new Map() });
  anything({ value: { deep: [day, now()] } });
  label({ text: day, unit: "C" });
  allOptional();
  allOptional({ a: 2 }, { after: day });

  // Mapping.
  const rows = fetchDay.map({ day: days }, { after: [station] });
  fetchDay.map({ day: [day, "2012-01-02"] });
  label.map({ text: days, unit: unmapped("F") });
  fetchAll.map({ query: [{ station, days }] });
  fetchAll.map({ query: unmapped({ station, days: [day] }) });
  mean.map({ rows: [rows, [{ date: "2012-01-01", max: 2 }]] });
  return mean({ rows }).after(day, rows);
});

export const refused = flow("refused", () => {
  const day = label({ text: "2012-01-01" });
  const days = parameter("days", { default: ["2012-01-01"] });

  // @ts-expect-error a number is no day
  fetchDay({ day: 20120101 });
  // @ts-expect-error the result of the wrong type
  fetchDay({ day: now() });
  // @ts-expect-error the input is missing
  fetchDay({});
  // @ts-expect-error all inputs are missing
  fetchDay();
  // @ts-expect-error no such input
  fetchDay({ day: "2012-01-01", dya: "2012-01-02" });
  // @ts-expect-error a task without inputs takes none
  now({ day: "2012-01-01" });
  // @ts-expect-error not one of the units
  label({ text: "12", unit: "K" });
  // @ts-expect-error an element of the wrong type, deep inside
  fetchAll({ query: { station: "SEA", days: [day, now()] } });
  // @ts-expect-error a name is missing, deep inside
  fetchAll({ query: { days: [day] } });
  // @ts-expect-error no such name, deep inside
  fetchAll({ query: { station: "SEA", days: [day], limt: 3 } });
  // @ts-expect-error the list itself is wanted, not one of its elements
  mean({ rows: fetchDay({ day }) });
  // @ts-expect-error the elements of the mapped result are of the wrong type
  mean({ rows: label.map({ text: days }) });
  // @ts-expect-error a tuple has an order
  pair({ both: [1, "a"] });
  // @ts-expect-error a union is narrower than the reference
  label({ text: parameter<string | number>("either") });

  // @ts-expect-error a text is no array to map over
  fetchDay.map({ day: "2012-01-01" });
  // @ts-expect-error a result that is no array
  fetchDay.map({ day });
  // @ts-expect-error an array of the wrong elements
  fetchDay.map({ day: [1, 2] });
  // @ts-expect-error unmapped, but of the wrong type
  label.map({ text: days, unit: unmapped("K") });
  // @ts-expect-error the input is missing
  fetchDay.map({});
  // @ts-expect-error no such input
  fetchDay.map({ day: days, dya: days });
  // @ts-expect-error unmapped() is for map()
  fetchDay({ day: unmapped("2012-01-01") });

  // @ts-expect-error a result is no value while the flow is built
  fetchDay({ day }).date;
  // @ts-expect-error only results can be waited for
  fetchDay({ day }, { after: "label-1" });
  // @ts-expect-error only results can be waited for
  fetchDay({ day }).after("label-1");
  // @ts-expect-error required and a default exclude each other
  parameter("both", { required: true, default: 3 });
});

// @ts-expect-error a body takes one object of named inputs, not several arguments
task("two", (a: { x: number }, b: { y: number }) => a.x + b.y);
// @ts-expect-error a body takes named inputs
task("bare", (day: string) => day);
// @ts-expect-error a body takes named inputs
task("list", (days: string[]) => days);
// @ts-expect-error no such unit
task("slow", () => 1, { timeout: "10 parsecs" });
// @ts-expect-error no such option
task("typo", () => 1, { maxRetires: 3 });
// @ts-expect-error no such trigger
task("trigger", () => 1, { trigger: "all_successful" });
task("some", () => 1, { trigger: triggers.someFailed({ atLeast: 0.5 }) });
task("own", () => 1, { trigger: (upstream) => upstream.every(({ state }) => state.type === "Success") });

// The body itself stays callable, with its own types.
expectTypeOf(fetchDay.run({ day: "2012-01-01" })).toEqualTypeOf<Promise<Reading>>();
expectTypeOf(mean.run({ rows: [] })).toEqualTypeOf<number>();
expectTypeOf(now.run()).toEqualTypeOf<Date>();
// @ts-expect-error the body wants its inputs
mean.run();

// Nothing after a signal is reachable, so what was checked before it holds.
export const checked = task("checked", ({ rows }: { rows: Reading[] | null }) => {
  if (rows === null) signals.skip("no readings");
  return rows.length;
});
expectTypeOf(checked.run).returns.toEqualTypeOf<number>();
expectTypeOf(context.mapIndex).toEqualTypeOf<number | null>();

// What the build function returned picks the reference tasks.
flow("references", () => ({ first: now(), second: now() }), { referenceTasks: ({ first }) => first });
// @ts-expect-error the build function returned no such result
flow("references", () => ({ first: now() }), { referenceTasks: ({ third }) => third });
expectTypeOf(accepted.returned).toEqualTypeOf<TaskResult<number>>();
