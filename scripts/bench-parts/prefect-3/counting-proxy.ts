import { once } from "node:events";
import { createServer, request } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { FrameCounter } from "./frame-counter.ts";

export interface CountingProxy {
  /** Stands for the server's. */
  readonly url: string;
  /** Requests so far, a WebSocket's opening among them, and the messages that clients sent over WebSockets. */
  requests(): number;
  close(): void;
}

/** Passes everything on to a server, both ways, and counts what clients ask of it. */
export async function startCountingProxy(target: string): Promise<CountingProxy> {
  const { hostname, port, pathname } = new URL(target);
  let requests = 0;
  const proxy = createServer((asked, answer) => {
    requests += 1;
    const { method, url: path, headers } = asked;
    const onward = request({ hostname, port, method, path, headers }, (answered) => {
      answer.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    asked.pipe(onward);
  });
  proxy.on("upgrade", ({ method, url: path, rawHeaders }, client, head) => {
    requests += 1;
    const counter = new FrameCounter();
    const server = connect(Number(port), hostname);
    const lines = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${rawHeaders[at + 1]}`] : []));
    server.write(`${[`${method} ${path} HTTP/1.1`, ...lines].join("\r\n")}\r\n\r\n`);
    server.write(head);
    server.pipe(client);
    client.pipe(server);
    client.on("data", (bytes: Buffer) => {
      requests += counter.messagesIn(bytes);
    });
    for (const [end, other] of [
      [client, server],
      [server, client],
    ] as const)
      end.on("error", () => other.destroy()).on("close", () => other.destroy());
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${pathname}`,
    requests: () => requests,
    close() {
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}
