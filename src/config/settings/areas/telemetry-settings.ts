import { row } from "../setting.ts";
import { text } from "../value-kinds.ts";

/**
 * OpenTelemetry's own variables, by its specification; all of them are texts here, since what is wrong in one is no reason
 * for a run to fail. The exporters read what is theirs themselves: addresses, headers, time limits, certificates.
 */
export const telemetrySettings = {
  otelEndpoint: row<string | null>({
    names: ["OTEL_EXPORTER_OTLP_ENDPOINT"],
    kind: text,
    fallback: null,
    fallbackText: "http://localhost:4318 where another variable of OpenTelemetry's is set",
    about:
      "Address of an OpenTelemetry collector. With it, or any other variable that begins with `OTEL_`, a run sends its traces and metrics there.",
  }),
  otelHeaders: row<string | null>({
    names: ["OTEL_EXPORTER_OTLP_HEADERS"],
    kind: text,
    fallback: null,
    secret: true,
    about: "Headers for the collector, as in `authorization=Bearer%20…`. The flow's own code sees them too.",
  }),
  otelProtocol: row<string>({
    names: ["OTEL_EXPORTER_OTLP_PROTOCOL"],
    kind: text,
    fallback: "http/protobuf",
    about: "http/protobuf or http/json.",
  }),
  otelTraces: row<string>({
    names: ["OTEL_TRACES_EXPORTER"],
    kind: text,
    fallback: "otlp",
    about: "otlp, or none: no traces.",
  }),
  otelMetrics: row<string>({
    names: ["OTEL_METRICS_EXPORTER"],
    kind: text,
    fallback: "otlp",
    about: "otlp, or none: no metrics.",
  }),
  otelSampler: row<string>({
    names: ["OTEL_TRACES_SAMPLER"],
    kind: text,
    fallback: "parentbased_always_on",
    about: "Which runs are traced: always_on, always_off or traceidratio, each also after `parentbased_`.",
  }),
  otelSamplerRatio: row<string>({
    names: ["OTEL_TRACES_SAMPLER_ARG"],
    kind: text,
    fallback: "1",
    about: "The share of runs that traceidratio traces, from 0 to 1.",
  }),
  otelDisabled: row<string>({
    names: ["OTEL_SDK_DISABLED"],
    kind: text,
    fallback: "false",
    about: "true: none of it, whatever else is set.",
  }),
  otelServiceName: row<string>({
    names: ["OTEL_SERVICE_NAME"],
    kind: text,
    fallback: "flow-runner",
    about: "The service that the traces and metrics are of.",
  }),
  otelAttributes: row<string | null>({
    names: ["OTEL_RESOURCE_ATTRIBUTES"],
    kind: text,
    fallback: null,
    about: "More about it, as in `deployment.environment.name=test,team=weather`.",
  }),
  traceParent: row<string | null>({
    names: ["TRACEPARENT"],
    kind: text,
    fallback: null,
    about: "The span that a run's trace goes on from, in the form of W3C's header; TRACESTATE belongs to it.",
  }),
};
