import type { ApiCall } from "../../cloud/index.ts";
import type { RunObserver } from "../../engine/index.ts";
import { fullName } from "../../graph/full-name.ts";
import type { BodyUse } from "../../host/index.ts";
import { type State, unwrap } from "../../state/index.ts";

/**
 * An event of Chrome's trace event format, which `chrome://tracing`, DevTools and Perfetto read: `X` is a span, `i` a
 * moment, `C` a measure, `M` the name of a process or of a row in it. Times are microseconds.
 *
 * https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 */
interface TraceEvent {
  readonly ph: "X" | "i" | "C" | "M";
  readonly name: string;
  readonly cat?: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  /** Of a moment: it is its row's own. */
  readonly s?: "t";
  readonly args?: Readonly<Record<string, unknown>>;
}

interface Span {
  /** Epoch milliseconds. */
  readonly began: number;
  /** Milliseconds. */
  readonly took: number;
  readonly name: string;
  readonly cat: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Parts of it. */
  readonly inner: readonly Span[];
}

/** The rows of the runner's own process; calls to an API come below them, in as many rows as there are at a time. */
const rows = { run: 0, states: 1, calls: 2 } as const;

/**
 * Gathers what happens in a run for a trace of Chrome's or Perfetto's: the run, states as moments, each attempt of a task
 * in the host that ran it with the writing of its result, the hosts' memory, the requests to an API.
 */
export class ChromeTrace {
  readonly #began = Date.now();
  readonly #hosts = new Map<number, Span[]>();
  readonly #calls: Span[] = [];
  readonly #moments: TraceEvent[] = [];
  #run = { name: "flow run", state: "Pending" };

  /** The name of the flow. */
  plan(name: string): void {
    this.#run = { ...this.#run, name };
  }

  /** An observer that hears all that another one hears. */
  watching(next: RunObserver): RunObserver {
    return {
      onTaskState: (run, state) => {
        const { slug, mapIndex } = run;
        this.#moment(fullName(slug, mapIndex), state);
        next.onTaskState?.(run, state);
      },
      onFlowState: (state) => {
        this.#run = { ...this.#run, state: unwrap(state).type };
        this.#moment("flow run", state);
        next.onFlowState?.(state);
      },
      onLog: (record) => next.onLog?.(record),
    };
  }

  used({ request, usage, host, handler, outcome }: BodyUse): void {
    const { slug, mapIndex, runCount } = request;
    const { began, wall, cpu, memory, write } = usage;
    const spans = this.#hosts.get(host) ?? [];
    this.#hosts.set(host, spans);
    const name = fullName(slug, mapIndex);
    const args = { slug, mapIndex, attempt: runCount, outcome, cpuMs: cpu, memory };
    const written =
      write === undefined
        ? []
        : [{ ...write, name: "write result", cat: "result", args: { handler, failed: write.failed }, inner: [] }];
    spans.push({ began, took: wall, name, cat: "task", args, inner: written });
  }

  called({ operation, method, status, problem, began, took }: ApiCall): void {
    this.#calls.push({ began, took, name: operation, cat: "api", args: { method, status, problem }, inner: [] });
  }

  /** The whole trace, as JSON. */
  text(): string {
    const { name, state } = this.#run;
    const pid = process.pid;
    const run: Span = {
      began: this.#began,
      took: Date.now() - this.#began,
      name,
      cat: "run",
      args: { state },
      inner: [],
    };
    const traceEvents = [
      ...named(pid, "runner", [
        [rows.run, "flow run"],
        [rows.states, "states"],
      ]),
      ...spanEvents(run, pid, rows.run),
      ...this.#moments,
      ...inRows(this.#calls, pid, rows.calls, "API"),
      ...[...this.#hosts].flatMap(([host, spans]) => [
        ...named(host, `host ${host}`, []),
        ...inRows(spans, host, 0, "tasks"),
        ...spans.map((span) => memoryEvent(span, host)),
      ]),
    ];
    return JSON.stringify({ traceEvents, displayTimeUnit: "ms" });
  }

  #moment(name: string, state: State): void {
    const { type, message } = state;
    const where = { pid: process.pid, tid: rows.states, ts: Date.now() * 1_000 };
    this.#moments.push({ ph: "i", s: "t", cat: "state", name: `${name} ${type}`, ...where, args: { message } });
  }
}

function named(pid: number, name: string, threads: readonly (readonly [tid: number, name: string])[]): TraceEvent[] {
  return [
    { ph: "M", name: "process_name", pid, tid: 0, args: { name } },
    ...threads.map(([tid, row]): TraceEvent => ({ ph: "M", name: "thread_name", pid, tid, args: { name: row } })),
  ];
}

/** Spans of one row must not overlap: each goes into the first row that is free. */
function inRows(spans: readonly Span[], pid: number, first: number, name: string): TraceEvent[] {
  const free: number[] = [];
  const placed = spans
    .toSorted((a, b) => a.began - b.began)
    .flatMap((span) => {
      const found = free.findIndex((end) => end <= span.began);
      const row = found < 0 ? free.length : found;
      free[row] = span.began + span.took;
      return spanEvents(span, pid, first + row);
    });
  return [
    ...named(
      pid,
      "",
      free.map((_, row) => [first + row, `${name} ${row + 1}`] as const),
    ).slice(1),
    ...placed,
  ];
}

function spanEvents({ began, took, name, cat, args, inner }: Span, pid: number, tid: number): TraceEvent[] {
  const ts = Math.round(began * 1_000);
  const dur = Math.round(took * 1_000);
  // The clocks of a body and of the writing of its result are not the same: a part stays within its whole.
  const within = inner.map((part) => {
    const from = Math.max(part.began, began);
    return { ...part, began: from, took: Math.max(0, Math.min(part.took, began + took - from)) };
  });
  return [{ ph: "X", name, cat, pid, tid, ts, dur, args }, ...within.flatMap((part) => spanEvents(part, pid, tid))];
}

const memoryEvent = ({ began, took, args }: Span, pid: number): TraceEvent => ({
  ph: "C",
  name: "memory",
  pid,
  tid: 0,
  ts: Math.round((began + took) * 1_000),
  args: { bytes: args.memory },
});
