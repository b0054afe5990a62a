import { describe, expect, test } from "vitest";
import { cloneFault } from "../../../src/results/values/clone-fault.ts";
import { jsonFault } from "../../../src/results/values/json-fault.ts";
import { warnedOfFlows } from "./warned.ts";

const withHandler = (handler: string, body: string, options = "") => `
import { flow, JSONResultHandler, LocalResultHandler, task } from "flow-runner";
class Reading { constructor(readonly at = 1) {} }
const rows = new Map();
export const theTask = task("rows", ${body}, { resultHandler: new ${handler}()${options} });
export const theFlow = flow("the flow", () => theTask({}));
export const used = [JSONResultHandler, LocalResultHandler, Reading, rows];`;

class Reading {
  readonly at = 1;
}

/** What a body returns: as its author writes it, and as it is. */
const results: readonly (readonly [source: string, value: unknown])[] = [
  ["new Map()", new Map()],
  ["new Set([1])", new Set([1])],
  ["new Date()", new Date()],
  ["new Reading()", new Reading()],
  ["new Error('x')", new Error("x")],
  ["new URL('http://a/')", new URL("http://a/")],
  ["new Uint8Array(2)", new Uint8Array(2)],
  ["Buffer.from('a')", Buffer.from("a")],
  ["BigInt(1)", 1n],
  ["1n", 1n],
  ["/a/", /a/],
  ["() => 1", () => 1],
  ["Symbol('a')", Symbol("a")],
  ["{ a: [1, { when: new Date() }] }", { a: [1, { when: new Date() }] }],
  ["rows", new Map()],
  ["{ a: 1, b: [null, 'x'] }", { a: 1, b: [null, "x"] }],
  ["'text'", "text"],
  ["undefined", undefined],
];

describe("the gotcha unfit-result", () => {
  test.each(results)("warns of %s exactly where the handler would refuse it", async (source, value) => {
    const body = `() => (${source})`;
    expect(await warnedOfFlows(withHandler("JSONResultHandler", body))).toHaveLength(jsonFault(value) === null ? 0 : 1);
    const cloned = await warnedOfFlows(withHandler("LocalResultHandler", body));
    expect(cloned).toHaveLength(cloneFault(value) === null ? 0 : 1);
  });

  test("says what is returned, where in the value, from which task, and whose rule it is", async () => {
    const body =
      "() => {\n  if (Math.random() > 2) return { rows: [1, new Map()] };\n  return [1].map(() => new Set());\n}";
    expect(await warnedOfFlows(withHandler("JSONResultHandler", body))).toEqual([
      'unfit-result at 6: returns a Map in $.rows[1] from task "rows", which its JSONResultHandler refuses',
    ]);
  });

  test("follows a body that is a function of its own", async () => {
    const source = withHandler("JSONResultHandler", "body").replace(
      "const rows",
      "function body() { return new Map(); }\nconst rows",
    );
    expect(await warnedOfFlows(source)).toEqual([
      'unfit-result at 4: returns a Map from task "rows", which its JSONResultHandler refuses',
    ]);
  });

  test("says nothing of a result that is not persisted", async () => {
    expect(await warnedOfFlows(withHandler("JSONResultHandler", "() => new Map()", ", checkpoint: false"))).toEqual([]);
  });
});
