import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace";
import type { LocalConfig } from "../../config/index.ts";

/** The sampler that OTEL_TRACES_SAMPLER names; what it does not know is said, and traces everything. */
export function samplerFrom({ otelSampler, otelSamplerRatio }: LocalConfig, warn: (problem: string) => void): Sampler {
  const [, parentBased, name = ""] = /^(parentbased_)?(.*)$/.exec(otelSampler.trim()) ?? [];
  const root = rootSampler(name, Number(otelSamplerRatio));
  if (root === null) warn(`OTEL_TRACES_SAMPLER is "${otelSampler}", which is not known: every run is traced`);
  const sampler = root ?? new AlwaysOnSampler();
  return parentBased === undefined ? sampler : new ParentBasedSampler({ root: sampler });
}

function rootSampler(name: string, ratio: number): Sampler | null {
  switch (name) {
    case "always_on":
      return new AlwaysOnSampler();
    case "always_off":
      return new AlwaysOffSampler();
    case "traceidratio":
      return new TraceIdRatioBasedSampler(Number.isFinite(ratio) ? ratio : 1);
    default:
      return null;
  }
}
