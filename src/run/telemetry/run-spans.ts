import {
  type Attributes,
  type Context,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import type { ApiCall } from "../../cloud/index.ts";
import type { TaskRunEntry } from "../../engine/index.ts";
import { fullName } from "../../graph/full-name.ts";
import type { BodyUse } from "../../host/index.ts";
import { isFailed, isFinished, type State } from "../../state/index.ts";
import type { RunIdentity } from "./recorder.ts";

interface TaskSpan {
  readonly span: Span;
  readonly context: Context;
  /** Children that are not over, of a mapped task. */
  left: number;
  /** When it failed: it may be retried, and is over only if it is not. */
  failedAt: number | null;
}

/** A span for the run, below it one for each task run and each request to the API, and below a task run's the writing of its result. */
export class RunSpans {
  readonly #tracer: Tracer;
  readonly #run: Span;
  readonly #context: Context;
  readonly #tasks = new Map<string, TaskSpan>();

  /** @param parent - of the run's span */
  constructor(tracer: Tracer, parent: Context, startedAt: number) {
    this.#tracer = tracer;
    this.#run = tracer.startSpan("flow run", { startTime: startedAt }, parent);
    this.#context = trace.setSpan(parent, this.#run);
  }

  begin({ id, name, flow }: RunIdentity): void {
    this.#run.updateName(flow);
    this.#run.setAttributes({ "flow.name": flow, "flow_run.id": id, "flow_run.name": name });
  }

  flowState(state: State, time: number): void {
    tellState(this.#run, state, time);
  }

  taskState(run: TaskRunEntry, state: State, time: number): void {
    const { slug, mapIndex } = run;
    const key = fullName(slug, mapIndex);
    const parent = mapIndex === null ? undefined : this.#tasks.get(slug);
    const task = this.#tasks.get(key) ?? this.#start(key, run, parent?.context ?? this.#context, time);
    tellState(task.span, state, time);
    task.failedAt = isFailed(state) ? time : null;
    if (state.type === "Mapped") task.left = state.mapCount ?? 0;
    const isOver = isFinished(state) && state.type !== "Looped" && !isFailed(state) && task.left === 0;
    if (isOver) this.#end(key, mapIndex === null ? null : slug, time);
  }

  used({ request, usage, handler }: BodyUse): void {
    const task = this.#tasks.get(fullName(request.slug, request.mapIndex));
    if (task === undefined) return;
    task.span.setAttributes({
      "task_run.run_count": request.runCount,
      "task_run.isolated": request.isolated,
      "process.cpu.time": usage.cpu / 1_000,
      "process.memory.usage": usage.memory,
      "process.memory.peak": usage.peak,
    });
    if (usage.write === undefined) return;
    const { began, took, failed } = usage.write;
    const attributes: Attributes = handler === null ? {} : { "result.handler": handler };
    const write = this.#tracer.startSpan("write result", { startTime: began, attributes }, task.context);
    if (failed) write.setStatus({ code: SpanStatusCode.ERROR });
    write.end(began + took);
  }

  called({ operation, method, status, problem, began, took }: ApiCall): void {
    const attributes: Attributes = {
      "http.request.method": method,
      ...(status === null ? {} : { "http.response.status_code": status }),
    };
    const options = { startTime: began, kind: SpanKind.CLIENT, attributes };
    const span = this.#tracer.startSpan(`API: ${operation}`, options, this.#context);
    if (problem !== null) span.setStatus({ code: SpanStatusCode.ERROR, message: problem });
    span.end(began + took);
  }

  /** Ends what is open: what failed for good, what another process goes on with, the run. */
  close(time: number): void {
    for (const { span, failedAt } of [...this.#tasks.values()].reverse()) span.end(failedAt ?? time);
    this.#tasks.clear();
    this.#run.end(time);
  }

  #start(key: string, { id, slug, mapIndex }: TaskRunEntry, parent: Context, time: number): TaskSpan {
    const attributes: Attributes = {
      "task.slug": slug,
      ...(id === null ? {} : { "task_run.id": id }),
      ...(mapIndex === null ? {} : { "task_run.map_index": mapIndex }),
    };
    const span = this.#tracer.startSpan(key, { startTime: time, attributes }, parent);
    const task: TaskSpan = { span, context: trace.setSpan(parent, span), left: 0, failedAt: null };
    this.#tasks.set(key, task);
    return task;
  }

  /** @param parent - the slug of the mapped task that it is a child of */
  #end(key: string, parent: string | null, time: number): void {
    this.#tasks.get(key)?.span.end(time);
    this.#tasks.delete(key);
    const mapped = parent === null ? undefined : this.#tasks.get(parent);
    if (parent === null || mapped === undefined) return;
    mapped.left -= 1;
    if (mapped.left === 0) this.#end(parent, null, time);
  }
}

/** A state is an event of its span; the last one is also its attribute. */
function tellState(span: Span, state: State, time: number): void {
  const { type, message } = state;
  span.addEvent(type, message === null ? {} : { message }, time);
  span.setAttribute("state", type);
  if (isFailed(state)) span.setStatus({ code: SpanStatusCode.ERROR, ...(message === null ? {} : { message }) });
  else if (type === "Success") span.setStatus({ code: SpanStatusCode.OK });
}
