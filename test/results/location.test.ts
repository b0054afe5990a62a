import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FlowRunnerError } from "../../src/errors/index.ts";
import { formatLocation, type LocationTemplate } from "../../src/results/index.ts";
import { defaultFileName, defaultKey } from "../../src/results/location/default-location.ts";
import { contextOf } from "./given.ts";

const context = contextOf({
  task_full_name: "mean[3]",
  map_index: 3,
  parameters: { day: "2012-01-01", x: "of the parameters", nested: { region: ["eu"] } },
  inputs: { x: 9, rows: [{ id: 7 }], when: new Date(0) },
});

function refused(template: LocationTemplate, given = context): FlowRunnerError {
  try {
    formatLocation(template, given);
  } catch (error) {
    if (error instanceof FlowRunnerError) return error;
    throw error;
  }
  throw new Error("not refused");
}

describe("a location template", () => {
  it.each([
    ["{flow_name}/{task_full_name}-{map_index}-{parameters[day]}.bin", "weather/mean[3]-3-2012-01-01.bin"],
    // Prefect 1.x: inputs win over the context, and that over the parameters.
    ["{flow_name}/{task_name}-{x}", "weather/mean-9"],
    ["{day}", "2012-01-01"],
    ["{parameters[nested][region][0]}/{rows[0][id]}", "eu/7"],
    ["{parameters.nested.region[0]}", "eu"],
    ["{{literal}}-{map_index:04d}-{map_index:2}", "{literal}-0003- 3"],
    ["{date:%Y/%m/%d-%H%M%S}-{today:%j}-{when:%Y}", "2020/01/02-030405-002-1970"],
    ["plain", "plain"],
  ])("%s", (template, location) => {
    expect(formatLocation(template, context)).toBe(location);
  });

  it("writes None for the map index of a task that is not mapped, as Prefect does", () => {
    expect(formatLocation("{task_name}-{map_index}", contextOf())).toBe("mean-None");
  });

  it("may be a function", () => {
    expect(formatLocation(({ task_slug, parameters }) => `${task_slug}/${String(parameters.day)}`, context)).toBe(
      "mean-1/2012-01-01",
    );
    expect(refused((() => 7) as unknown as LocationTemplate).message).toContain("did not return a string");
    expect(refused(() => "../x").message).toContain('the step ".."');
  });

  it("lists the names that are known when one is not", () => {
    const { code, message } = refused("{flow_name}/{taks_name}");
    expect(code).toBe("RESULT_LOCATION_NAME");
    expect(message).toMatch(/uses \{taks_name\}.*Known: date, day, flow_name, .*task_slug, today, when, x\.$/);
    expect(refused("{parameters[hour]}").message).toContain("Known: day, x, nested.");
    expect(refused("{constructor}").code).toBe("RESULT_LOCATION_NAME");
    expect(refused("{parameters[__proto__]}").code).toBe("RESULT_LOCATION_NAME");
  });

  it.each([
    ["{flow_name", "a single"],
    ["a}b", "a single"],
    ["{}", "is not a name"],
    ["{flow_name!r}", "conversion"],
    ["{flow_name:>10}", "is not supported"],
    ["{flow_name:03d}", "needs a whole number"],
    ["{flow_name:%Y}", "needs a date"],
    ["{rows}", "is an array"],
    ["/abs/{flow_name}", 'begins with "/"'],
    ["a/../b", 'the step ".."'],
    ["folder/", 'ends with "/"'],
    ["  ", "is empty"],
    ["{flow_name}/{long}", "1024"],
  ])("%s is refused", (template, why) => {
    const long = contextOf({ inputs: { ...context.inputs, long: "x".repeat(1100) }, parameters: context.parameters });
    const error = refused(template, long);
    expect(error.code).toBe("RESULT_LOCATION_INVALID");
    expect(error.message).toContain(why);
  });

  it("no value leads out of the folder, or into another one", () => {
    const evil = fc.oneof(
      fc.constantFrom("..", "../..", "/etc", "a/../../b", "..\\..", ".", "\0", "%2e%2e"),
      fc.string(),
    );
    fc.assert(
      fc.property(evil, evil, (day, name) => {
        let location: string;
        try {
          location = formatLocation("base/{day}/{flow_name}", contextOf({ flow_name: name, parameters: { day } }));
        } catch (error) {
          expect(error).toBeInstanceOf(FlowRunnerError);
          return;
        }
        const steps = location.split(/[/\\]/);
        expect(steps).toHaveLength(3);
        expect(steps[0]).toBe("base");
        expect(steps).not.toContain("..");
        expect(location).not.toContain("\0");
      }),
    );
  });
});

describe("a location that nobody chose", () => {
  it("has Prefect's shape: UTC, unpadded, and never the same twice", () => {
    const key = defaultKey(new Date("2020-01-02T23:59:59-05:00"));
    expect(key).toMatch(/^2020\/1\/3\/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f-]+\.prefect_result$/);
    const now = new Date();
    expect(new Set(Array.from({ length: 100 }, () => defaultFileName(now))).size).toBe(100);
    expect(defaultFileName(new Date(0))).toMatch(/^prefect-result-1970-01-01t00-00-00-000z-[0-9a-f]{8}$/);
  });
});
