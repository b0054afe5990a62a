import type { Recorder, TelemetryOptions } from "./recorder.ts";
import { RunMetrics } from "./run-metrics.ts";
import { RunSpans } from "./run-spans.ts";
import { openSdk } from "./sdk.ts";

/** @throws what a package that is not there leads to */
export async function openRecorder(options: TelemetryOptions): Promise<Recorder> {
  const { tracer, meter, parent, flush } = await openSdk(options);
  const spans = new RunSpans(tracer, parent, options.startedAt);
  const metrics = new RunMetrics(meter);
  return {
    begin(run) {
      spans.begin(run);
      metrics.begin(run);
    },
    taskState(run, state, time) {
      spans.taskState(run, state, time);
      metrics.taskState(run, state);
    },
    flowState(state, time) {
      spans.flowState(state, time);
      metrics.flowState(state, time - options.startedAt);
    },
    used(use) {
      spans.used(use);
      metrics.used(use);
    },
    called(call) {
      spans.called(call);
      metrics.called(call);
    },
    close(most) {
      spans.close(Date.now());
      return flush(most);
    },
  };
}
