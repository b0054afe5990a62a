import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { slugify } from "../../src/graph/index.ts";

describe("slugify", () => {
  // The right-hand sides of the Latin ones are what Prefect 1.4.1's `slugify` gives.
  it.each([
    ["weather report", "weather-report"],
    ["Weather Report", "weather-report"],
    ["ETL: load & clean (v2)", "etl-load-clean-v2"],
    ["Zürich à la carte", "zurich-a-la-carte"],
    ["  many   spaces  ", "many-spaces"],
    ["snake_case-and-dash", "snake-case-and-dash"],
    ["it's naïve’s", "it-s-naives"],
    ["1.5 km a+b=c", "1-5-km-a-b-c"],
    ["天気", "5929-6c17"],
    ["!!!", "flow"],
  ])("makes of %j the file name %j", (name, slug) => {
    expect(slugify(name)).toBe(slug);
  });

  it("is a file name whatever the name is, and the slug of a slug is itself", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (name) => {
        const slug = slugify(name);
        expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
        expect(slugify(slug)).toBe(slug);
      }),
    );
  });
});
