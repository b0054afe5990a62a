import type { IncomingMessage, ServerResponse } from "node:http";
import { guard } from "../http/guard.ts";
import { Listener } from "../http/listener.ts";
import { send } from "../http/send.ts";
import type { ServedConversation } from "./recording.ts";

const noSocket = "HTTP/1.1 501 Not Implemented\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
/** Milliseconds; longer than clients keep an idle connection, so that it is they who close it. */
const keepAliveTimeout = 75_000;

export interface ConversationServer {
  readonly port: number;
  readonly host: string;
  /** Whether a request carries a key, which no page elsewhere knows. */
  readonly isKeyed: (request: IncomingMessage) => boolean;
  readonly answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

/**
 * Serves requests in the place of a server, whatever they ask. WebSockets are refused: a runner asks again and again where
 * it cannot subscribe, and questions can be recorded and played.
 *
 * @throws FlowRunnerError `API_ADDRESS_UNUSABLE`
 */
export async function serveConversation(options: ConversationServer): Promise<ServedConversation> {
  const { port, host, isKeyed, answer } = options;
  const { createServer } = process.getBuiltinModule("node:http");
  const server = createServer({ keepAliveTimeout }, async (request, response) => {
    const foreign = guard(request, { isKeyed: isKeyed(request), host });
    if (foreign !== null) {
      request.resume();
      return send(response, foreign);
    }
    try {
      await answer(request, response);
    } catch {
      // The client has gone away while it was sending.
      response.destroy();
    }
  });
  server.on("upgrade", (_request, socket) => socket.end(noSocket));
  const listener = new Listener(server, host);
  await listener.listen(port);
  return { url: listener.url, close: () => listener.close() };
}
