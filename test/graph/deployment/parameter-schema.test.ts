import { describe, expect, it } from "vitest";
import { z } from "zod";
import { formSchema, parameterSchema } from "../../../src/graph/index.ts";
import { flow, parameter, task } from "../../../src/index.ts";

const use = task("use", (_: Record<string, unknown>) => null);

describe("the schema of a flow's parameters", () => {
  it("has the type of each default, and what is required", () => {
    const { graph } = flow("typed", () => {
      use({
        day: parameter<string>("day"),
        days: parameter("days", { default: ["2012-01-01"] }),
        limit: parameter("limit", { default: 3 }),
        dry: parameter("dry", { default: false }),
        mixed: parameter("mixed", { default: [1, "two"] }),
        options: parameter("options", { default: { depth: 2 } }),
        note: parameter<string>("note", { required: false }),
      });
    });
    expect(parameterSchema(graph)).toEqual({
      title: "Parameters",
      type: "object",
      properties: {
        day: { title: "day", position: 0 },
        days: { title: "days", position: 1, default: ["2012-01-01"], type: "array", items: { type: "string" } },
        limit: { title: "limit", position: 2, default: 3, type: "number" },
        dry: { title: "dry", position: 3, default: false, type: "boolean" },
        mixed: { title: "mixed", position: 4, default: [1, "two"], type: "array" },
        options: { title: "options", position: 5, default: { depth: 2 }, type: "object" },
        note: { title: "note", position: 6, default: null },
      },
      required: ["day"],
      definitions: {},
    });
  });

  it("has what their own schemas say, as the pages' forms can show it", () => {
    const station = z.object({
      name: z.string(),
      get near() {
        return z.array(station).optional();
      },
    });
    const { graph } = flow("checked", () => {
      use({
        day: parameter("day", { schema: z.iso.date().meta({ title: "Day", description: "of the readings" }) }),
        rows: parameter<number>("rows", {
          schema: { $schema: "https://json-schema.org/draft-07/schema", type: "integer" },
          default: 3,
        }),
        mode: parameter("mode", { schema: z.enum(["dry", "wet"]), required: false }),
        station: parameter("a/station", { schema: station, default: { name: "Seattle" } }),
        unit: parameter("unit", { schema: z.string().default("C") }),
        until: parameter("until", { schema: z.iso.time().nullable().describe("Until"), default: null }),
        either: parameter("either", { schema: z.union([z.string(), z.number()]), default: 1 }),
        shared: parameter<object>("shared", {
          schema: {
            $defs: { "a/b": { type: ["string", "null"], enum: ["x", null], title: "AB" } },
            type: "object",
            properties: { $ref: { $ref: "#/$defs/a~1b", description: "mine" }, enum: { enum: [{ $ref: "#" }] } },
          },
        }),
      });
    });
    const { properties, required, definitions } = parameterSchema(graph);
    expect(properties).toEqual({
      day: expect.objectContaining({
        title: "Day",
        description: "of the readings",
        position: 0,
        type: "string",
        format: "date",
      }),
      rows: { title: "rows", position: 1, default: 3, type: "integer" },
      mode: {
        title: "mode",
        position: 2,
        default: null,
        anyOf: [{ type: "string", enum: ["dry", "wet"] }, { type: "null" }],
      },
      "a/station": {
        title: "a/station",
        position: 3,
        default: { name: "Seattle" },
        type: "object",
        // A station within a station would be without end.
        properties: { name: { title: "name", type: "string" }, near: { title: "near", type: "array", items: {} } },
        required: ["name"],
      },
      unit: { title: "unit", position: 4, default: "C", type: "string" },
      until: {
        title: "until",
        position: 5,
        default: null,
        description: "Until",
        anyOf: [expect.objectContaining({ type: "string", pattern: expect.any(String) }), { type: "null" }],
      },
      either: { title: "either", position: 6, default: 1, anyOf: [{ type: "string" }, { type: "number" }] },
      shared: {
        title: "shared",
        position: 7,
        type: "object",
        properties: {
          $ref: { title: "AB", description: "mine", anyOf: [{ type: "string", enum: ["x"] }, { type: "null" }] },
          enum: { title: "enum", enum: [{ $ref: "#" }] },
        },
      },
    });
    const kinds = Array.from({ length: 12 }, (_, at) => `#/$defs/kind${at}`);
    const all = { properties: Object.fromEntries(kinds.map(($ref) => [$ref, { $ref }])) };
    const tangle = formSchema({ ...all, $defs: Object.fromEntries(kinds.map((_, at) => [`kind${at}`, all])) });
    expect(JSON.stringify(tangle).length).toBeLessThan(500_000);
    expect(required).toEqual(["day", "shared"]);
    expect(definitions).toEqual({});
  });
});
