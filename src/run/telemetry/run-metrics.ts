import type { Attributes, Meter } from "@opentelemetry/api";
import type { ApiCall } from "../../cloud/index.ts";
import type { TaskRunEntry } from "../../engine/index.ts";
import type { BodyUse } from "../../host/index.ts";
import { isFinished, type State } from "../../state/index.ts";
import type { RunIdentity } from "./recorder.ts";

/** Seconds: from a task that does nothing to one of an hour. */
const durations = [0.001, 0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 600, 1_800, 3_600];
/** Bytes: from 16 MiB to 64 GiB. */
const sizes = Array.from({ length: 13 }, (_, power) => 2 ** (24 + power));

const buckets = (explicitBucketBoundaries: number[]) => ({ advice: { explicitBucketBoundaries } });

/** Counts and distributions, by flow and task. Nothing that differs from run to run is in their attributes. */
export class RunMetrics {
  readonly #instruments;
  #flow: Attributes = {};

  constructor(meter: Meter) {
    this.#instruments = {
      runDuration: meter.createHistogram("flow_runner.flow_run.duration", {
        unit: "s",
        description: "From the start of a run's process to its final state",
        ...buckets(durations),
      }),
      taskDuration: meter.createHistogram("flow_runner.task_run.duration", {
        unit: "s",
        description: "One attempt of a task, its result written",
        ...buckets(durations),
      }),
      cpu: meter.createHistogram("flow_runner.task_run.cpu", {
        unit: "s",
        description: "CPU that a task's process used meanwhile",
        ...buckets(durations),
      }),
      memory: meter.createHistogram("flow_runner.task_run.memory", {
        unit: "By",
        description: "Resident memory of a task's process at its end",
        ...buckets(sizes),
      }),
      write: meter.createHistogram("flow_runner.result.write.duration", {
        unit: "s",
        description: "The writing of a result",
        ...buckets(durations),
      }),
      states: meter.createCounter("flow_runner.task_run.states", { description: "States that task runs have entered" }),
      request: meter.createHistogram("flow_runner.api.request.duration", {
        unit: "s",
        description: "One request to the API, to the last byte of its answer",
        ...buckets(durations),
      }),
    };
  }

  begin({ flow }: RunIdentity): void {
    this.#flow = { "flow.name": flow };
  }

  flowState(state: State, duration: number): void {
    if (isFinished(state)) this.#instruments.runDuration.record(duration / 1_000, { ...this.#flow, state: state.type });
  }

  taskState({ slug }: TaskRunEntry, { type }: State): void {
    this.#instruments.states.add(1, { ...this.#flow, "task.slug": slug, state: type });
  }

  used({ request, usage, handler }: BodyUse): void {
    const { taskDuration, cpu, memory, write } = this.#instruments;
    const attributes = { ...this.#flow, "task.slug": request.slug, isolated: request.isolated };
    taskDuration.record(usage.wall / 1_000, attributes);
    cpu.record(usage.cpu / 1_000, attributes);
    memory.record(request.isolated ? usage.peak : usage.memory, attributes);
    if (usage.write === undefined) return;
    const at = handler === null ? {} : { "result.handler": handler };
    write.record(usage.write.took / 1_000, { ...this.#flow, ...at, failed: usage.write.failed });
  }

  called({ method, status, took }: ApiCall): void {
    const answer = status === null ? { "error.type": "no answer" } : { "http.response.status_code": status };
    this.#instruments.request.record(took / 1_000, { "http.request.method": method, ...answer });
  }
}
