import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { onTestFinished } from "vitest";

export interface LosingProxy {
  readonly url: string;
  /** The first mutation or query of each request that came, in order. */
  readonly asked: readonly string[];
}

/**
 * A way to an API on which the answer to some requests is lost: the API has done what was asked, and who asked does not
 * know.
 *
 * @param lost Whether the answer to this request is lost; `at` counts from 0.
 */
export async function losingProxy(to: string, lost: (asked: string, at: number) => boolean): Promise<LosingProxy> {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const name = /\{ *([a-zA-Z_]+)/.exec(JSON.parse(body.toString()).query)?.[1] ?? "";
    const at = asked.push(name) - 1;
    const answer = await fetch(new URL(request.url ?? "/", to), {
      method: "POST",
      body,
      headers: { "content-type": "application/json" },
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (lost(name, at)) response.destroy();
    else response.writeHead(answer.status, { "content-type": "application/json" }).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
