import { once } from "node:events";
import { createServer } from "node:http";
import { FlowRunnerError } from "../../errors/index.ts";
import { messageOf } from "../../errors/message-of.ts";

/** An agent that can be asked whether it lives. */
export interface AgentAddress {
  /** Where it listens, with the port that it got. */
  readonly url: string;
  close(): void;
}

/**
 * Listens for an orchestrator's health checks and for pokes, at Prefect's paths: `/api/health` answers `{}` while the
 * agent lives, `/api/poke` makes it poll at once.
 *
 * @param address - `http://127.0.0.1:8080`; port 0 takes a free one
 * @throws FlowRunnerError `AGENT_ADDRESS_INVALID`
 */
export async function listenAt(address: string, poke: () => void): Promise<AgentAddress> {
  const { hostname, port } = parseAddress(address);
  const server = createServer((request, response) => {
    const path = request.url?.split("?")[0];
    if (path === "/api/poke") poke();
    response.statusCode = path === "/api/health" || path === "/api/poke" ? 200 : 404;
    response.setHeader("content-type", "application/json");
    response.end("{}");
  });
  server.listen(port, hostname.replace(/^\[|\]$/g, ""));
  try {
    await once(server, "listening");
  } catch (error) {
    throw new FlowRunnerError("AGENT_ADDRESS_INVALID", { address, reason: messageOf(error) });
  }
  const bound = server.address();
  const boundPort = typeof bound === "object" && bound !== null ? bound.port : port;
  return { url: `http://${hostname}:${boundPort}`, close: () => server.close().closeAllConnections() };
}

function parseAddress(address: string): { readonly hostname: string; readonly port: number } {
  const url = URL.parse(address);
  // The port that a scheme stands for is not shown by its URL, and nobody means to listen there by leaving it out.
  const port = /:(\d+)\/?$/.exec(address)?.[1];
  if (url === null || url.protocol !== "http:" || url.hostname === "" || port === undefined) {
    throw new FlowRunnerError("AGENT_ADDRESS_INVALID", { address, reason: "it is no http address with a port" });
  }
  return { hostname: url.hostname, port: Number(port) };
}
