import { describe, expect, it } from "vitest";
import { parameterSchema } from "../../../src/graph/index.ts";
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
});
