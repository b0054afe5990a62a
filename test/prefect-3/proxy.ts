import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

export interface Asked {
  readonly method: string;
  /** Below the address of the API: `/flow_runs/…/set_state`. */
  readonly path: string;
  readonly body: string;
}

/** What is answered in the server's place. `lost`: the server does what it was asked, and its answer never comes. */
export type InItsPlace =
  | "lost"
  | { readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> };

export interface Proxy3 {
  /** Ends in `/api`, as that of the server behind it. */
  readonly url: string;
  readonly asked: readonly Asked[];
  /** Says from now on what is answered to a request; null: what the server says. */
  answer(decide: (asked: Asked) => InItsPlace | null | Promise<InItsPlace | null>): void;
  close(): void;
}

/** A proxy before a real server of Prefect 3, of its HTTP alone: it carries no WebSockets, as many do not. */
export async function startProxy3(target: string): Promise<Proxy3> {
  const asked: Asked[] = [];
  let decide: Parameters<Proxy3["answer"]>[0] = () => null;
  const server = createServer(async (request, response) => {
    const { method = "GET", url = "", headers } = request;
    const bytes = await buffer(request);
    const one = { method, path: url.replace(/^\/api/, ""), body: bytes.toString() };
    asked.push(one);
    const instead = await decide(one);
    if (instead !== null && instead !== "lost") {
      response.writeHead(instead.status, { "content-type": "application/json", ...instead.headers }).end(instead.body);
      return;
    }
    const { host: _, connection: __, "content-length": ___, ...passed } = headers;
    const answer = await fetch(`${target}${one.path}`, {
      method,
      headers: passed as Record<string, string>,
      ...(bytes.length === 0 ? {} : { body: bytes }),
    }).catch(() => null);
    if (answer === null || instead === "lost") return void response.destroy();
    const body = Buffer.from(await answer.arrayBuffer());
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "text/plain" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`,
    asked,
    answer: (next) => {
      decide = next;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
