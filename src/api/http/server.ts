import { messageOf } from "../../errors/message-of.ts";
import { refused } from "./answer.ts";
import { Listener } from "./listener.ts";
import { answer, type RouteOptions } from "./routes.ts";
import { send } from "./send.ts";

interface ServeOptions extends RouteOptions {
  /** Null: it listens nowhere, until it is told to. */
  readonly port: number | null;
  /** What its answers say that the time is. */
  readonly now: () => number;
}

export interface HttpServer {
  readonly url: string;
  /** How many requests have been answered. */
  readonly requests: () => number;
  /** Takes a free port where it has none; resolves with its address. */
  readonly listen: () => Promise<string>;
  readonly connect: Listener["connect"];
  readonly restart: Listener["restart"];
  readonly close: Listener["close"];
}

/** Longer than clients keep an idle connection, so that it is they who close it and no request meets a closed one. */
const keepAliveTimeout = 75_000;

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
        return result.delivery?.kind === "down" ? listener.restart(result.delivery.milliseconds) : sent;
      });
  });
  const listener = new Listener(server, host);
  if (port !== null) await listener.listen(port);
  return {
    get url() {
      return listener.url;
    },
    requests: () => requests,
    listen: async () => {
      await listener.listen(0);
      return listener.url;
    },
    connect: () => listener.connect(),
    restart: (downFor) => listener.restart(downFor),
    close: () => listener.close(),
  };
}
