import type { ServerResponse } from "node:http";
import type { Answer } from "./answer.ts";

/** Puts an answer on its way. Resolves when there is no more to do, also when the client has gone. */
export async function send(response: ServerResponse, answer: Answer): Promise<void> {
  // The client has gone away while it was sending.
  if (response.destroyed) return;
  const { status, body, headers, delivery } = answer;
  const isPage = typeof body === "string";
  const bytes = Buffer.from(isPage ? body : JSON.stringify(body));
  const begin = (): void => {
    response.writeHead(status, {
      "content-type": isPage ? "text/html; charset=utf-8" : "application/json; charset=utf-8",
      "content-length": bytes.length,
      ...headers,
    });
  };
  switch (delivery?.kind) {
    case "events":
      response.writeHead(status, headers);
      return delivery.begin(response);
    case "hang":
      return;
    case "none":
    case "down":
      return void response.destroy();
    case "half":
      begin();
      return void response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
    case "drip":
      begin();
      return drip(response, bytes, delivery);
    case "late":
      await pass(delivery.milliseconds);
  }
  if (response.destroyed) return;
  begin();
  response.end(bytes);
}

async function drip(
  response: ServerResponse,
  bytes: Buffer,
  { pieces, milliseconds }: { readonly pieces: number; readonly milliseconds: number },
): Promise<void> {
  const size = Math.max(1, Math.ceil(bytes.length / pieces));
  for (let from = 0; from < bytes.length; from += size) {
    await pass(milliseconds);
    if (response.destroyed) return;
    response.write(bytes.subarray(from, from + size));
  }
  response.end();
}

/** Does not keep a process alive: the API may be closed meanwhile. */
const pass = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
