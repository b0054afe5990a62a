import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { FlowRunnerError } from "../../errors/index.ts";
import { messageOf } from "../../errors/message-of.ts";
import { refused } from "./answer.ts";
import { answer, type RouteOptions } from "./routes.ts";
import { send } from "./send.ts";

interface ServeOptions extends RouteOptions {
  readonly port: number;
  /** What its answers say that the time is. */
  readonly now: () => number;
}

export interface HttpServer {
  readonly url: string;
  /** How many requests have been answered. */
  readonly requests: () => number;
  /** Ends every connection at once, and listens again so many milliseconds later, at the same address. */
  readonly restart: (downFor: number) => Promise<void>;
  /** Lets requests that are being sent arrive, for two seconds at most. */
  readonly close: () => Promise<void>;
}

/** Longer than clients keep an idle connection, so that it is they who close it and no request meets a closed one. */
const keepAliveTimeout = 75_000;
const closingGrace = 2_000;
const relistenEvery = 50;

/** @throws FlowRunnerError API_ADDRESS_UNUSABLE */
export async function serve({ port, now, ...routes }: ServeOptions): Promise<HttpServer> {
  const { host } = routes;
  const { createServer } = process.getBuiltinModule("node:http");
  let requests = 0;
  const server = createServer({ keepAliveTimeout }, (request, response) => {
    response.setHeader("date", new Date(now()).toUTCString());
    answer(request, routes)
      .catch((error: unknown) => refused(500, "API_ERROR", messageOf(error)))
      .then((result) => {
        requests += 1;
        const sent = send(response, result);
        return result.delivery?.kind === "down" ? restart(result.delivery.milliseconds) : sent;
      });
  });
  await listen(server, port, host);
  const address = server.address() as AddressInfo;
  let restarting: Promise<void> | null = null;
  const closed = new AbortController();
  const restart = (downFor: number): Promise<void> => {
    restarting ??= goDown(server, { port: address.port, host, downFor }, closed.signal).finally(() => {
      restarting = null;
    });
    return restarting;
  };
  return {
    url: urlOf(address),
    requests: () => requests,
    restart,
    close: async () => {
      closed.abort();
      await restarting;
      if (server.listening) await close(server);
    },
  };
}

/** @param closed - aborted when it is not to come back */
async function goDown(
  server: Server,
  { port, host, downFor }: { readonly port: number; readonly host: string; readonly downFor: number },
  closed: AbortSignal,
): Promise<void> {
  const down = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await down;
  await pass(downFor, closed);
  // Something else may have taken the port for a moment: it must not stay away for ever.
  while (!closed.aborted) {
    try {
      return await listen(server, port, host);
    } catch {
      await pass(relistenEvery, closed);
    }
  }
}

function pass(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
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
