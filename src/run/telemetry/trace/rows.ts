import type { Span, TraceEvent } from "./trace-event.ts";

/** A span in the row of a process. */
export interface Placed<S extends Span = Span> {
  readonly span: S;
  readonly pid: number;
  readonly tid: number;
}

/** A process, which stands after those with a lower place. */
export const processEvents = (pid: number, name: string, place: number): TraceEvent[] => [
  { ph: "M", name: "process_name", pid, tid: 0, args: { name } },
  { ph: "M", name: "process_sort_index", pid, tid: 0, args: { sort_index: place } },
];

export const rowEvent = (pid: number, tid: number, name: string): TraceEvent => ({
  ph: "M",
  name: "thread_name",
  pid,
  tid,
  args: { name },
});

/** Spans of one row must not overlap: each goes into the first row that is free, from `first` on. */
export function inRows<S extends Span>(spans: readonly S[], pid: number, first: number): Placed<S>[] {
  const free: number[] = [];
  return spans
    .toSorted((a, b) => a.began - b.began)
    .map((span) => {
      const { start, end } = microseconds(span);
      const found = free.findIndex((each) => each <= start);
      const row = found < 0 ? free.length : found;
      free[row] = end;
      return { span, pid, tid: first + row };
    });
}

/** The names of the rows that spans were put into: `tasks 1`, `tasks 2`, … */
export const rowEvents = (placed: readonly Placed[], first: number, name: string): TraceEvent[] =>
  [...new Map(placed.map(({ pid, tid }) => [tid, pid]))].map(([tid, pid]) =>
    rowEvent(pid, tid, `${name} ${tid - first + 1}`),
  );

export function spanEvents({ span, pid, tid }: Placed): TraceEvent[] {
  const { began, took, name, cat, args, inner } = span;
  const { start, end } = microseconds(span);
  // The clocks of a body and of the writing of its result are not the same: a part stays within its whole.
  const within = inner.map((part) => {
    const from = Math.min(Math.max(part.began, began), began + took);
    return { ...part, began: from, took: Math.max(0, Math.min(part.took, began + took - from)) };
  });
  return [
    { ph: "X", name, cat, pid, tid, ts: start, dur: end - start, args },
    ...within.flatMap((part) => spanEvents({ span: part, pid, tid })),
  ];
}

/** Both ends are rounded, not the length: what ends where another begins is not a microsecond too long. */
export const microseconds = ({ began, took }: Span) => ({
  start: Math.round(began * 1_000),
  end: Math.round((began + took) * 1_000),
});
