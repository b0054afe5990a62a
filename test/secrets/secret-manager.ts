import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/**
 * A server of the shape of Google Secret Manager's REST API, as far as reading needs it: `…/versions/v:access`. It
 * refuses a call without a bearer token, and answers errors the way Google does.
 */
export interface SecretManager {
  readonly url: string;
  /** The paths that were asked. */
  readonly asked: string[];
  /** By `projects/p/secrets/s/versions/v`. */
  readonly versions: Map<string, string>;
  /** Answers this status from now on. */
  fail(status: number, reason: string): void;
  close(): Promise<void>;
}

export async function startSecretManager(): Promise<SecretManager> {
  const asked: string[] = [];
  const versions = new Map<string, string>();
  let failure: { status: number; reason: string } | null = null;

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const { pathname } = new URL(request.url ?? "/", "http://x");
    asked.push(pathname);
    const token = /^Bearer \S+/.test(request.headers.authorization ?? "");
    const name = /^\/v1\/(projects\/[^/]+\/secrets\/[^/]+\/versions\/[^/:]+):access$/.exec(pathname)?.[1];
    const value = name === undefined ? undefined : versions.get(name);
    if (failure !== null) {
      refuse(response, failure.status, failure.reason);
      return;
    }
    if (!token) {
      refuse(response, 401, "UNAUTHENTICATED");
      return;
    }
    if (value === undefined) {
      refuse(response, 404, "NOT_FOUND");
      return;
    }
    const data = Buffer.from(value).toString("base64");
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ name: name?.replace("latest", "7"), payload: { data } }));
  };

  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    versions,
    fail: (status, reason) => {
      failure = { status, reason };
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function refuse(response: ServerResponse, code: number, status: string): void {
  response.statusCode = code;
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ error: { code, message: `refused: ${status}`, status } }));
}
