import { expect } from "vitest";
import { z } from "zod";

const row = { pid: z.int(), tid: z.int() };
const args = z.record(z.string(), z.unknown());

/** Chrome's trace event format, as far as such a trace goes. */
const eventSchema = z.union([
  z.strictObject({
    ph: z.literal("X"),
    name: z.string().min(1),
    cat: z.string(),
    ...row,
    ts: z.int(),
    dur: z.int().nonnegative(),
    args,
  }),
  z.strictObject({
    ph: z.literal("i"),
    name: z.string().min(1),
    cat: z.string(),
    ...row,
    ts: z.int(),
    s: z.enum(["g", "p", "t"]),
    args,
  }),
  z.strictObject({
    ph: z.literal("C"),
    name: z.string().min(1),
    ...row,
    ts: z.int(),
    args: z.record(z.string(), z.number()),
  }),
  z.strictObject({
    ph: z.literal("M"),
    name: z.enum(["process_name", "thread_name"]),
    ...row,
    args: z.strictObject({ name: z.string().min(1) }),
  }),
  z.strictObject({
    ph: z.literal("M"),
    name: z.literal("process_sort_index"),
    ...row,
    args: z.strictObject({ sort_index: z.int() }),
  }),
  z.strictObject({ ph: z.literal("s"), name: z.string(), cat: z.string(), id: z.int(), ...row, ts: z.int() }),
  z.strictObject({
    ph: z.literal("f"),
    bp: z.literal("e"),
    name: z.string(),
    cat: z.string(),
    id: z.int(),
    ...row,
    ts: z.int(),
  }),
]);
type TraceEvent = z.infer<typeof eventSchema>;
type Span = Extract<TraceEvent, { ph: "X" }>;

/** @throws for what is no trace */
export function readTrace(text: string): TraceEvent[] {
  return z.object({ traceEvents: z.array(eventSchema), displayTimeUnit: z.literal("ms") }).parse(JSON.parse(text))
    .traceEvents;
}

/** The arrows, each by the names of the attempts that its ends are tied to. */
export function arrowsOf(events: readonly TraceEvent[]): string[] {
  const attempts = events
    .filter((event) => event.ph === "X")
    .filter(({ cat }) => cat === "task")
    .toSorted((a, b) => a.ts - b.ts);
  const around = ({ pid, tid, ts }: { pid: number; tid: number; ts: number }) =>
    attempts.findLast((each) => each.pid === pid && each.tid === tid && each.ts <= ts && ts <= each.ts + each.dur)
      ?.name;
  const ends = new Map(events.flatMap((event) => (event.ph === "f" ? [[event.id, event]] : [])));
  return events.flatMap((event) => {
    const end = event.ph === "s" ? ends.get(event.id) : undefined;
    return event.ph === "s" && end !== undefined ? [`${around(event)} to ${around(end)}`] : [];
  });
}

/** The spans of each row. Those of one row are beside or inside each other, or Perfetto drops them. */
export function rowsOf(events: readonly TraceEvent[]): Span[][] {
  const spans = events.filter((event) => event.ph === "X");
  const rows = [...Map.groupBy(spans, ({ pid, tid }) => `${pid}/${tid}`).values()];
  for (const spansOfRow of rows) {
    const open: Span[] = [];
    for (const span of spansOfRow.toSorted((a, b) => a.ts - b.ts || b.dur - a.dur)) {
      while (open.length > 0 && (open.at(-1)?.ts ?? 0) + (open.at(-1)?.dur ?? 0) <= span.ts) open.pop();
      const around = open.at(-1);
      if (around !== undefined) expect(span.ts + span.dur).toBeLessThanOrEqual(around.ts + around.dur);
      open.push(span);
    }
  }
  return rows;
}
