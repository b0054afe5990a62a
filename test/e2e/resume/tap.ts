import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

/**
 * A moment in the life of one request: it has arrived here and the server knows nothing of it; the server has done it and
 * the client does not know yet; the answer is on its way to the client.
 */
export interface TapEvent {
  readonly moment: "arrived" | "done" | "answered";
  readonly body: Buffer;
  /** Null before it is done. */
  readonly answer: Buffer | null;
  /** Epoch milliseconds; of an answer, before its first byte leaves. */
  readonly time: number;
}

/** A proxy in front of a server, where a test can act exactly between two steps. */
export interface Tap {
  readonly url: string;
  /** Every request that has arrived: `PUT /results/2012/1/1/….prefect_result`. */
  readonly seen: string[];
  /** Is told every moment. Where it says "drop" the request goes no further. */
  watch: (event: TapEvent) => "drop" | void;
  /** What the client gets for what the server has answered. */
  answer: (body: Buffer) => Buffer;
  close(): Promise<void>;
}

export async function startTap(target: string): Promise<Tap> {
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch(() => outgoing.destroy());
  });

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    tap.seen.push(`${incoming.method} ${incoming.url}`);
    const arrived = { body, answer: null, time: Date.now() };
    if (tap.watch({ ...arrived, moment: "arrived" }) === "drop") return void outgoing.destroy();
    const answer = await passOn(incoming, body);
    const done = { ...arrived, answer: answer.body, time: Date.now() };
    if (tap.watch({ moment: "done", ...done }) === "drop") return void outgoing.destroy();
    const told = tap.answer(answer.body);
    outgoing.writeHead(answer.status, { ...answer.headers, "content-length": told.length }).end(told);
    tap.watch({ moment: "answered", ...done });
  }

  async function passOn({ method, url: path, headers }: IncomingMessage, body: Buffer) {
    const { "transfer-encoding": _, ...kept } = headers;
    const sent = request({ hostname, port, method, path, headers: { ...kept, "content-length": body.length } });
    const answered = new Promise<IncomingMessage>((resolve, reject) =>
      sent.on("response", resolve).on("error", reject),
    );
    sent.end(body);
    const answer = await answered;
    return { status: answer.statusCode ?? 500, headers: answer.headers, body: await buffer(answer) };
  }

  const tap: Tap = {
    url: "",
    seen: [],
    watch: () => undefined,
    answer: (body) => body,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return Object.assign(tap, { url: `http://127.0.0.1:${address.port}` });
}
