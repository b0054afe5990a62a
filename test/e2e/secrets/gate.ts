import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

/** A proxy in front of an API that counts the questions for secrets, and can hold them back. */
export interface Gate {
  readonly url: string;
  /** The name of each secret that was asked for, in order. */
  readonly asked: readonly string[];
  /** Holds back every question for a secret until so many of them wait. */
  holdUntil(waiting: number): void;
  close(): Promise<void>;
}

const question = /secret_value/;

export async function startGate(target: string): Promise<Gate> {
  const { hostname, port } = new URL(target);
  const asked: string[] = [];
  let needed = 0;
  let waiting: (() => void)[] = [];

  const server = createServer(async (incoming, outgoing) => {
    const body = await buffer(incoming);
    const text = body.toString();
    if (question.test(text)) {
      asked.push(/\\"name\\":\\"([^"\\]+)/.exec(text)?.[1] ?? text);
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length < needed) return;
        for (const go of waiting) go();
        waiting = [];
      });
    }
    passOn(incoming, outgoing, body);
  });

  const passOn = ({ method, url: path, headers }: IncomingMessage, outgoing: ServerResponse, body: Buffer): void => {
    const sent = request({ hostname, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    sent.on("error", () => outgoing.destroy());
    sent.end(body);
  };

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    holdUntil: (count) => {
      needed = count;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
