import { expect, test } from "vitest";
import type { BodyUse } from "../../../src/host/index.ts";
import { ChromeTrace } from "../../../src/run/telemetry/trace/chrome-trace.ts";
import { arrowsOf, readTrace, rowsOf } from "../../cli/runs/trace-events.ts";

const edge = (upstream: string, downstream: string, key: string, mapped = false) => ({
  ...{ upstream, downstream, key, mapped },
});

/** Of an attempt a trace wants to know no more than this. */
const use = (slug: string, mapIndex: number | null, began: number, took: number, runCount = 1) =>
  ({
    request: { slug, mapIndex, runCount },
    usage: { began, wall: took, cpu: 0, memory: 1_000 },
    ...{ outcome: "done", host: 7 + (mapIndex ?? 0), handler: null },
  }) as unknown as BodyUse;

test("a trace has an arrow to each attempt from what it waited for: of many children the last one, of a retry the attempt before", () => {
  const trace = new ChromeTrace();
  trace.plan({
    name: "prices",
    edges: [
      ...[edge("load", "fetch", "n", true), edge("fetch", "clean", "row", true), edge("load", "clean", "all")],
      ...[edge("clean", "total", "xs"), edge("clean", "total", "again")],
    ],
  });
  for (const used of [
    use("load", null, 1_000, 10),
    ...[use("fetch", 0, 1_010, 30.4), use("fetch", 1, 1_010.0004, 20)],
    ...[use("clean", 1, 1_030.0004, 0), use("clean", 1, 1_050, 5, 2), use("clean", 0, 1_041, 7)],
    use("total", null, 1_055, 1),
  ]) {
    trace.used(used);
  }
  const events = readTrace(trace.text());
  expect(rowsOf(events).flat()).toHaveLength(8);
  expect(arrowsOf(events).sort()).toEqual([
    ...["clean[1] to clean[1]", "clean[1] to total"],
    ...["fetch[0] to clean[0]", "fetch[1] to clean[1]"],
    ...["load to clean[0]", "load to clean[1]", "load to fetch[0]", "load to fetch[1]"],
  ]);
});
