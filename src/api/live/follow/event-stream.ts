import type { ServerResponse } from "node:http";

/** Milliseconds after which a page whose connection was cut comes back. */
const comeBackAfter = 1_000;
/** Milliseconds. Proxies close what says nothing for a minute. */
const keepAliveInterval = 15_000;
/** Bytes that a slow reader may leave in memory before it is told no more until it has read them. */
const mostWaiting = 4_000_000;

/** Server-sent events on their way to one page. */
export interface EventStream {
  /** @param id - what the page comes back with, in `Last-Event-ID`, after its connection was cut */
  readonly send: (event: string, data: object, id?: string) => void;
  /** The page reads slower than things happen: it is told more when it has caught up. */
  readonly isBehind: () => boolean;
  readonly end: () => void;
}

export const eventStreamHeaders: Readonly<Record<string, string>> = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
};

export function eventStream(response: ServerResponse): EventStream {
  response.write(`retry: ${comeBackAfter}\n\n`);
  const keepAlive = setInterval(() => response.write(": still here\n\n"), keepAliveInterval).unref();
  response.once("close", () => clearInterval(keepAlive));
  return {
    send: (event, data, id) => {
      const head = id === undefined ? "" : `id: ${id}\n`;
      response.write(`${head}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    isBehind: () => response.writableLength > mostWaiting,
    end: () => response.end(),
  };
}
