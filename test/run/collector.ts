import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

const value = z.object({
  stringValue: z.string().optional(),
  intValue: z.union([z.number(), z.string()]).optional(),
  doubleValue: z.number().optional(),
  boolValue: z.boolean().optional(),
});
const attributes = z.array(z.object({ key: z.string(), value })).default([]);
const span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  startTimeUnixNano: z.string(),
  endTimeUnixNano: z.string(),
  attributes,
  events: z.array(z.object({ name: z.string() })).default([]),
  status: z.object({ code: z.number().optional() }).optional(),
});
const traces = z.object({
  resourceSpans: z.array(
    z.object({ resource: z.object({ attributes }), scopeSpans: z.array(z.object({ spans: z.array(span) })) }),
  ),
});
const metrics = z.object({
  resourceMetrics: z.array(
    z.object({ scopeMetrics: z.array(z.object({ metrics: z.array(z.looseObject({ name: z.string() })) })) }),
  ),
});

export type Span = z.infer<typeof span>;

/** What a receiver of OTLP over HTTP was sent. */
export interface Received {
  readonly path: string;
  readonly type: string | undefined;
  readonly authorization: string | undefined;
  readonly body: Buffer;
}

/** A receiver of OTLP over HTTP, which takes whatever comes, or never answers. */
export async function startCollector(isSilent = false) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { "content-type": type, authorization } = request.headers;
      received.push({ path: request.url ?? "", type, authorization, body: Buffer.concat(chunks) });
      const isJson = type === "application/json";
      // An empty message of protobuf has no bytes.
      if (!isSilent) response.writeHead(200, { "content-type": type ?? "" }).end(isJson ? "{}" : "");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const jsonOf = (path: string): unknown[] =>
    received.filter((each) => each.path === path).map(({ body }) => JSON.parse(body.toString("utf8")));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    spans: (): Span[] =>
      jsonOf("/v1/traces").flatMap((body) =>
        traces.parse(body).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
      ),
    resource: (): Record<string, unknown> =>
      plain(traces.parse(jsonOf("/v1/traces")[0]).resourceSpans[0]?.resource.attributes ?? []),
    /** Names of metrics. */
    metrics: (): string[] =>
      jsonOf("/v1/metrics").flatMap((body) =>
        metrics
          .parse(body)
          .resourceMetrics.flatMap(({ scopeMetrics }) =>
            scopeMetrics.flatMap((each) => each.metrics.map(({ name }) => name)),
          ),
      ),
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export type Collector = Awaited<ReturnType<typeof startCollector>>;

/** Attributes as an object. */
export function plain(list: z.infer<typeof attributes>): Record<string, unknown> {
  return Object.fromEntries(list.map(({ key, value: of }) => [key, Object.values(of)[0]]));
}
