import type { PushMetricExporter } from "@opentelemetry/sdk-metrics";
import type { SpanExporter } from "@opentelemetry/sdk-trace";
import type { LocalConfig } from "../../config/index.ts";
import type { Collector } from "./collector.ts";

export interface Exporters {
  /** Null: none are wanted. */
  readonly traces: SpanExporter | null;
  readonly metrics: PushMetricExporter | null;
}

/** Makes the exporters that are asked for; they read OTEL_EXPORTER_OTLP_… themselves. */
export async function openExporters(config: LocalConfig, collector: Collector): Promise<Exporters> {
  const isJson = config.otelProtocol.trim() === "http/json";
  if (!isJson && config.otelProtocol.trim() !== "http/protobuf") {
    collector.failed(`OTEL_EXPORTER_OTLP_PROTOCOL is "${config.otelProtocol}", and http/protobuf is spoken instead`);
  }
  const isWanted = (variable: string, value: string): boolean => {
    if (!["otlp", "none"].includes(value.trim())) collector.failed(`${variable} is "${value}", and only otlp is known`);
    return value.trim() === "otlp";
  };
  const [tracing, measuring] = isJson
    ? [
        () => import("@opentelemetry/exporter-trace-otlp-http"),
        () => import("@opentelemetry/exporter-metrics-otlp-http"),
      ]
    : [
        () => import("@opentelemetry/exporter-trace-otlp-proto"),
        () => import("@opentelemetry/exporter-metrics-otlp-proto"),
      ];
  const wantsTraces = isWanted("OTEL_TRACES_EXPORTER", config.otelTraces);
  const wantsMetrics = isWanted("OTEL_METRICS_EXPORTER", config.otelMetrics);
  return {
    traces: wantsTraces ? watched(new (await tracing()).OTLPTraceExporter(), collector) : null,
    metrics: wantsMetrics ? watched(new (await measuring()).OTLPMetricExporter(), collector) : null,
  };
}

/** Whether anything arrives is told by each export. */
function watched<Of extends SpanExporter | PushMetricExporter>(exporter: Of, collector: Collector): Of {
  const send = exporter.export.bind(exporter) as (items: unknown, done: Parameters<Of["export"]>[1]) => void;
  exporter.export = (items: unknown, done: Parameters<Of["export"]>[1]) =>
    send(items, (result) => {
      collector.exported(result);
      done(result);
    });
  return exporter;
}
