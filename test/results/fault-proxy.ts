import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";

/** What becomes of one request: passed on, answered with a status, never answered, or cut after so many bytes. */
export type Fault =
  | "pass"
  | { readonly status: number }
  | "hang"
  | { readonly cutAfter: number }
  | { readonly flipAt: number };

/** A proxy in front of a real server that does to it what networks and stores do. */
export interface FaultProxy {
  readonly url: string;
  /** `METHOD /path` of each request. */
  readonly seen: string[];
  /** What becomes of the next requests; after the last one all are passed on. */
  next(...faults: readonly Fault[]): void;
  /** What becomes of every request from now on; null: passed on. */
  always(fault: Fault | null): void;
  close(): Promise<void>;
}

export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(target);
  const seen: string[] = [];
  let planned: Fault[] = [];
  let standing: Fault | null = null;

  const server = createServer((incoming, outgoing) => {
    seen.push(`${incoming.method} ${incoming.url}`);
    const fault = planned.shift() ?? standing ?? "pass";
    if (fault === "hang") return;
    if (typeof fault === "object" && "status" in fault) {
      incoming.resume();
      outgoing.writeHead(fault.status, { "content-length": 0 }).end();
      return;
    }
    passOn(incoming, outgoing, fault);
  });

  /** How far each resumable upload has come, by its address. */
  const uploaded = new Map<string, string>();

  /**
   * Google's answer to a client that asks how far its upload has come: fake-gcs-server takes that question
   * for the upload's end.
   */
  const toldProgress = (incoming: IncomingMessage, outgoing: ServerResponse): boolean => {
    if (incoming.headers["content-range"] !== "bytes */*") return false;
    const range = uploaded.get(incoming.url ?? "");
    incoming.resume();
    outgoing.writeHead(308, { "content-length": 0, ...(range === undefined ? {} : { range }) }).end();
    return true;
  };

  const passOn = (incoming: IncomingMessage, outgoing: ServerResponse, fault: Fault): void => {
    if (toldProgress(incoming, outgoing)) return;
    const { method, url: path, headers } = incoming;
    const forwarded = request({ hostname, port, method, path, headers }, (answer) => {
      if (answer.statusCode === 308 && answer.headers.range !== undefined)
        uploaded.set(path ?? "", answer.headers.range);
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      let passed = 0;
      answer.on("data", (chunk: Buffer) => {
        if (typeof fault === "object" && "cutAfter" in fault && passed + chunk.length > fault.cutAfter) {
          outgoing.write(chunk.subarray(0, fault.cutAfter - passed), () => outgoing.destroy());
          answer.destroy();
          return;
        }
        if (
          typeof fault === "object" &&
          "flipAt" in fault &&
          fault.flipAt < passed + chunk.length &&
          fault.flipAt >= passed
        ) {
          chunk[fault.flipAt - passed] = (chunk[fault.flipAt - passed] ?? 0) ^ 1;
        }
        passed += chunk.length;
        outgoing.write(chunk);
      });
      answer.on("end", () => outgoing.end());
    });
    forwarded.on("error", () => outgoing.destroy());
    incoming.pipe(forwarded);
  };

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    seen,
    next: (...faults) => {
      planned = [...faults];
    },
    always: (fault) => {
      standing = fault;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
