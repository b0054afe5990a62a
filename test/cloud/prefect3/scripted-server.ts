import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";
import { openRestClient } from "../../../src/cloud/prefect3/index.ts";
import { JumpingClock } from "../manual-clock.ts";

export interface Asked {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const open: { close(): void }[] = [];

afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

/** A server that answers what it is told, one answer after the other and the last one again and again. */
export async function serve(...answers: readonly (Answer | ((asked: Asked) => Answer | Promise<Answer>))[]) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url: path, headers } = request;
    asked.push({ method, path, headers, body: Buffer.concat(chunks).toString() });
    const next = answers[Math.min(asked.length, answers.length) - 1];
    const answer = typeof next === "function" ? await next(asked.at(-1) as Asked) : next;
    response.writeHead(answer?.status ?? 500, answer?.headers);
    response.end(answer?.body === undefined ? "" : JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`, asked };
}

export function connect(
  url: string,
  more: { key?: string; authString?: string; headers?: Record<string, string> } = {},
) {
  const clock = new JumpingClock();
  const opened = openRestClient({ url, dialect: "3", key: null, tenantId: null, env: {}, clock, ...more });
  open.push(opened);
  return { client: opened.client, clock };
}
