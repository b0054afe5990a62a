import {
  type Context,
  type DiagLogger,
  DiagLogLevel,
  defaultTextMapGetter,
  diag,
  type Meter,
  ROOT_CONTEXT,
  type Tracer,
} from "@opentelemetry/api";
import { setGlobalErrorHandler, W3CTraceContextPropagator } from "@opentelemetry/core";
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { version } from "../../config/index.ts";
import { messageOf } from "../../errors/message-of.ts";
import { Collector } from "./collector.ts";
import { openExporters } from "./exporters.ts";
import type { TelemetryOptions } from "./recorder.ts";
import { samplerFrom } from "./sampler.ts";

export interface Sdk {
  readonly tracer: Tracer;
  readonly meter: Meter;
  /** What the run's span is below; the root where nothing is. */
  readonly parent: Context;
  /** Sends what is left, and gives up what a collector does not take within `most` milliseconds. */
  flush(most: number): Promise<void>;
}

/** A map over thousands ends within seconds, faster than they are sent. */
const mostSpansWaiting = 20_000;

/** Sets up OpenTelemetry's SDK by its variables. Nothing is registered globally but who is told what goes wrong. */
export async function openSdk({ config, env, warn }: TelemetryOptions): Promise<Sdk> {
  const collector = new Collector(env, warn);
  tellProblems((problem) => collector.failed(problem));
  const exporters = await openExporters(config, collector);
  const resource = defaultResource()
    .merge(resourceFromAttributes({ "service.name": "flow-runner", "service.version": version }))
    .merge(detectResources({ detectors: [envDetector] }));
  const { traces, metrics } = exporters;
  const tracers = new TracerProvider({
    resource,
    sampler: samplerFrom(config, (problem) => collector.failed(problem)),
    spanProcessors:
      traces === null ? [] : [new BatchSpanProcessor({ exporter: traces, maxQueueSize: mostSpansWaiting })],
  });
  const meters = new MeterProvider({
    resource,
    readers: metrics === null ? [] : [new PeriodicExportingMetricReader({ exporter: metrics })],
  });
  const carrier = { traceparent: config.traceParent ?? undefined, tracestate: env.TRACESTATE };
  return {
    tracer: tracers.getTracer("flow-runner", version),
    meter: meters.getMeter("flow-runner", version),
    parent: new W3CTraceContextPropagator().extract(ROOT_CONTEXT, carrier, defaultTextMapGetter),
    flush: (most) => collector.within(most, () => Promise.all([tracers.shutdown(), meters.shutdown()])),
  };
}

/** The SDK tells what goes wrong in two ways, and on the console where nobody listens. */
function tellProblems(tell: (problem: string) => void): void {
  setGlobalErrorHandler((error) => tell(messageOf(error)));
  const ignore = (): void => undefined;
  const tellAll = (...words: unknown[]): void => tell(words.join(": "));
  const logger: DiagLogger = { error: tellAll, warn: tellAll, info: ignore, debug: ignore, verbose: ignore };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
}
