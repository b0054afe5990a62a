import type { Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { FlowRunnerError } from "../../errors/index.ts";
import { messageOf } from "../../errors/message-of.ts";
import { type Answer, refused } from "./answer.ts";
import { answer, type Executor } from "./routes.ts";

interface ServeOptions {
  readonly port: number;
  readonly host: string;
  readonly key: string | null;
  readonly execute: Executor;
}

export interface HttpServer {
  readonly url: string;
  /** How many requests have been answered. */
  readonly requests: () => number;
  /** Lets requests that are being sent arrive, for two seconds at most. */
  readonly close: () => Promise<void>;
}

/** Longer than clients keep an idle connection, so that it is they who close it and no request meets a closed one. */
const keepAliveTimeout = 75_000;
const closingGrace = 2_000;

/** @throws FlowRunnerError API_ADDRESS_UNUSABLE */
export async function serve({ port, host, key, execute }: ServeOptions): Promise<HttpServer> {
  const { createServer } = process.getBuiltinModule("node:http");
  let requests = 0;
  const server = createServer({ keepAliveTimeout }, (request, response) => {
    answer(request, key, execute)
      .catch((error: unknown) => refused(500, "API_ERROR", messageOf(error)))
      .then((result) => {
        requests += 1;
        send(response, result);
      });
  });
  await listen(server, port, host);
  return { url: urlOf(server.address() as AddressInfo), requests: () => requests, close: () => close(server) };
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  // The client has gone away while it was sending.
  if (response.destroyed) return;
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": text.length,
    ...headers,
  });
  response.end(text);
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const reason = error.code === "EADDRINUSE" ? "something listens there already" : error.message;
      reject(new FlowRunnerError("API_ADDRESS_UNUSABLE", { host, port, reason }, { cause: error }));
    });
    server.listen(port, host, resolve);
  });
}

const urlOf = ({ address, family, port }: AddressInfo): string =>
  `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => server.closeAllConnections(), closingGrace);
    server.close(() => {
      clearTimeout(late);
      resolve();
    });
    server.closeIdleConnections();
  });
}
