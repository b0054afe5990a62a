import type { FlowGraph } from "../../../graph/index.ts";
import { microseconds, type Placed } from "./rows.ts";
import type { Span, TraceEvent } from "./trace-event.ts";

/** An attempt of a task. */
export interface Attempt extends Span {
  readonly slug: string;
  /** Null: no child of a mapped task. */
  readonly mapIndex: number | null;
}

/**
 * Arrows to each attempt from what it waited for: the attempt before it, else of each upstream task the one that ended
 * last, which is the child of the same index where a map follows a map. So a task that takes the results of 10,000
 * children has one arrow.
 */
export function arrowEvents(attempts: readonly Placed<Attempt>[], edges: FlowGraph["edges"]): TraceEvent[] {
  const upstream = Map.groupBy(edges, ({ downstream }) => downstream);
  const last = new Map<string, Placed<Attempt>>();
  const arrows: TraceEvent[] = [];
  const ends = attempts.toSorted(
    (a, b) => microseconds(a.span).end - microseconds(b.span).end || a.span.began - b.span.began,
  );
  let at = 0;
  for (const attempt of attempts.toSorted((a, b) => a.span.began - b.span.began)) {
    const { slug, mapIndex } = attempt.span;
    for (let next = ends[at]; next !== undefined && isBefore(next, attempt); next = ends[at]) {
      last.set(next.span.slug, next);
      last.set(childKey(next.span.slug, next.span.mapIndex), next);
      at += 1;
    }
    const before = last.get(childKey(slug, mapIndex));
    // A task may take several inputs from one and the same.
    const from = new Set(
      before === undefined
        ? upstream.get(slug)?.map((edge) => last.get(childKey(edge.upstream, mapIndex)) ?? last.get(edge.upstream))
        : [before],
    );
    for (const each of from) if (each !== undefined) arrows.push(...arrow(arrows.length / 2 + 1, each, attempt));
  }
  return arrows;
}

/** One that takes no time ends where it begins, and is not before itself. */
const isBefore = (one: Placed, other: Placed): boolean =>
  one !== other && microseconds(one.span).end <= microseconds(other.span).start;

const childKey = (slug: string, mapIndex: number | null): string => `${slug} ${mapIndex}`;

/** Each end is tied to the span around it, so the first one is a microsecond before its span is over. */
function arrow(id: number, from: Placed, to: Placed): TraceEvent[] {
  const { start, end } = microseconds(from.span);
  const both = { name: "then", cat: "flow", id };
  return [
    { ph: "s", ...both, pid: from.pid, tid: from.tid, ts: Math.max(start, end - 1) },
    { ph: "f", bp: "e", ...both, pid: to.pid, tid: to.tid, ts: microseconds(to.span).start },
  ];
}
