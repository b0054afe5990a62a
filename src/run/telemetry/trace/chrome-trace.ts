import type { ApiCall } from "../../../cloud/index.ts";
import type { RunObserver } from "../../../engine/index.ts";
import { fullName } from "../../../graph/full-name.ts";
import type { FlowGraph } from "../../../graph/index.ts";
import type { BodyUse } from "../../../host/index.ts";
import { type State, unwrap } from "../../../state/index.ts";
import { type Attempt, arrowEvents } from "./arrows.ts";
import { inRows, processEvents, rowEvent, rowEvents, spanEvents } from "./rows.ts";
import type { Span, TraceEvent } from "./trace-event.ts";

/** The rows of the runner's own process; calls to an API come below them, in as many rows as there are at a time. */
const rows = { run: 0, states: 1, calls: 2 } as const;

/**
 * Gathers what happens in a run for a trace of Chrome's or Perfetto's: the run, states as moments, each attempt of a task
 * in the host that ran it with the writing of its result, the hosts' memory, the requests to an API.
 */
export class ChromeTrace {
  readonly #began = Date.now();
  readonly #hosts = new Map<number, Attempt[]>();
  readonly #calls: Span[] = [];
  readonly #moments: TraceEvent[] = [];
  #run = { name: "flow run", state: "Pending" };
  #edges: FlowGraph["edges"] = [];

  /** The flow that is run. */
  plan({ name, edges }: Pick<FlowGraph, "name" | "edges">): void {
    this.#run = { ...this.#run, name };
    this.#edges = edges;
  }

  /** An observer that hears all that another one hears. */
  watching(next: RunObserver): RunObserver {
    return {
      onTaskState: (run, state) => {
        const { slug, mapIndex } = run;
        this.#moment(fullName(slug, mapIndex), state);
        next.onTaskState?.(run, state);
      },
      onTaskKept: (run, state) => next.onTaskKept?.(run, state),
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
    spans.push({ began, took: wall, name, cat: "task", args, inner: written, slug, mapIndex });
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
    const calls = inRows(this.#calls, pid, rows.calls);
    const hosts = [...this.#hosts].map(([host, spans]) => ({ host, attempts: inRows(spans, host, 0) }));
    const traceEvents = [
      ...processEvents(pid, "runner", 0),
      rowEvent(pid, rows.run, "flow run"),
      rowEvent(pid, rows.states, "states"),
      ...spanEvents({ span: run, pid, tid: rows.run }),
      ...this.#moments,
      ...rowEvents(calls, rows.calls, "API"),
      ...calls.flatMap(spanEvents),
      ...hosts.flatMap(({ host, attempts }, at) => [
        ...processEvents(host, `host ${host}`, 1 + at),
        ...rowEvents(attempts, 0, "tasks"),
        ...attempts.flatMap(spanEvents),
        ...attempts.map(({ span }) => memoryEvent(span, host)),
      ]),
      ...arrowEvents(
        hosts.flatMap(({ attempts }) => attempts),
        this.#edges,
      ),
    ];
    return JSON.stringify({ traceEvents, displayTimeUnit: "ms" });
  }

  #moment(name: string, state: State): void {
    const { type, message } = state;
    const where = { pid: process.pid, tid: rows.states, ts: Date.now() * 1_000 };
    this.#moments.push({ ph: "i", s: "t", cat: "state", name: `${name} ${type}`, ...where, args: { message } });
  }
}

const memoryEvent = ({ began, took, args }: Span, pid: number): TraceEvent => ({
  ph: "C",
  name: "memory",
  pid,
  tid: 0,
  ts: Math.round((began + took) * 1_000),
  args: { bytes: args.memory },
});
