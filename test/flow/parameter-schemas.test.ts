import { describe, expect, it } from "vitest";
import { z } from "zod";
import { flow, type ParameterSchema, parameter, task } from "../../src/index.ts";

const use = task("use", ({ value }: { value: unknown }) => value);
const of = (schema: ParameterSchema, more: object = {}) =>
  flow("f", () => use({ value: parameter("value", { schema, ...more } as { schema: ParameterSchema }) }));
const result = async (built: ReturnType<typeof of>, value?: unknown) =>
  (await built.run({ parameters: value === undefined ? {} : { value } })).result("use-1");
const refused =
  (schema: unknown, more: object = {}) =>
  () =>
    of(schema as ParameterSchema, more);

describe("the schema of a parameter", () => {
  it("gives a task what it makes of the run's value, or of the default", async () => {
    const built = of(z.object({ rows: z.coerce.number(), unit: z.string().default("C") }), { default: { rows: 3 } });
    expect(await result(built, { rows: "7" })).toEqual({ rows: 7, unit: "C" });
    expect(await result(built)).toEqual({ rows: 3, unit: "C" });
  });

  it("names each wrong value by its place", async () => {
    const station = z.strictObject({ "the name": z.string().min(3), days: z.array(z.iso.date()) });
    const wrong = { "the name": "SE", days: ["2012-01-01", 5], more: true };
    await expect(result(of(station), wrong)).rejects.toMatchObject({
      code: "PARAMETER_VALUE_INVALID",
      message: expect.stringMatching(
        /^Flow "f" cannot run with these parameters: value\["the name"\]: Too small.*; value\.days\[1\]: Invalid input.*; value: Unrecognized key: "more"\. Give/,
      ),
    });
  });

  it("may take its time, and may throw", async () => {
    const later = z.string().refine(async (text) => text !== "no", "it says no");
    expect(await result(of(later), "yes")).toBe("yes");
    await expect(result(of(later), "no")).rejects.toThrow("value: it says no");
    const broken = z.string().refine(() => {
      throw new Error("the list of stations is gone");
    });
    await expect(result(of(broken), "x")).rejects.toThrow("value: its schema has thrown: the list of stations is gone");
  });

  it("may be JSON schema, of an older draft too", async () => {
    const days = { type: "array", items: { type: "string", format: "date" } } as unknown as ParameterSchema;
    expect(await result(of(days), ["2012-01-01"])).toEqual(["2012-01-01"]);
    await expect(result(of(days), ["2012-13-01"])).rejects.toThrow('value[0]: string does not match format "date"');
    const $schema = "http://json-schema.org/draft-07/schema#";
    const pair = { $schema, type: "array", items: [{ type: "string" }, { type: "number" }] };
    await expect(result(of(pair as unknown as ParameterSchema), ["a", "b"])).rejects.toThrow(
      /value\[1\]: type "string"/,
    );
  });

  it("is not asked for a value that may be left out, and is", async () => {
    const built = of(z.iso.date(), { required: false });
    expect(await result(built)).toBeNull();
    expect(await result(built, null)).toBeNull();
    await expect(result(built, "today")).rejects.toThrow("value: Invalid ISO date");
  });

  it("is refused with what a run could not be given or not keep", async () => {
    expect(refused(z.date())).toThrow('Parameter "value": its schema is for values that JSON cannot carry');
    expect(refused("date")).toThrow('its schema must be one of zod, or a JSON schema, and is "date".');
    expect(refused({ "~standard": { validate: () => ({ value: 1 }) } })).toThrow("use zod 4.2 or later");
    expect(refused(z.iso.date(), { default: "today" })).toThrow(
      "its default does not fit its schema: $: Invalid ISO date.",
    );
    const dated = of(z.string().transform((text) => new Date(text)));
    await expect(result(dated, "2012-01-01")).rejects.toThrow("value: its schema makes of it what JSON cannot carry");
  });
});
