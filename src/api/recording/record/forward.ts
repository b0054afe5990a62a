import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { brotliDecompressSync, unzipSync } from "node:zlib";
import { basicOf } from "../../../cloud/transport/http-connection.ts";
import { openConnections } from "../../../cloud/transport/open-dispatcher.ts";
import { FlowRunnerError } from "../../../errors/index.ts";

/** What the real server has answered. */
export interface Forwarded {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** As it came. */
  readonly bytes: Buffer;
  /** What it says. */
  readonly text: string;
}

export interface Upstream {
  send(request: IncomingMessage, body: Buffer): Promise<Forwarded>;
  close(): void;
}

/** What is said to the next station alone (RFC 9110, 7.6.1), or is made anew for it. */
const ownOfConnection = new Set([
  ...["connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer"],
  ...["transfer-encoding", "upgrade", "expect", "host", "content-length", "accept-encoding"],
]);

/** The headers that go on. */
export const passedOn = (headers: IncomingHttpHeaders): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || ownOfConnection.has(name) ? [] : [[name, value]],
    ),
  );

/**
 * The way to a real server, through the proxy and with the authorities that the environment names.
 *
 * @throws FlowRunnerError `API_URL_INVALID`, `API_CERTIFICATES_UNREADABLE`
 */
export async function openUpstream(url: string, env: NodeJS.ProcessEnv): Promise<Upstream> {
  const target = URL.parse(url);
  if (target === null || !/^https?:$/.test(target.protocol)) throw new FlowRunnerError("API_URL_INVALID", { url });
  const connections = openConnections(target, env);
  const { default: undici } = await import("undici/index.js");
  const folder = target.pathname.replace(/\/+$/, "");
  const basic = basicOf(target);
  return {
    send: async ({ method = "GET", url: path = "/", headers }, body) => {
      const { statusCode, ...answer } = await undici.request(`${target.origin}${placeBelow(folder, path)}`, {
        dispatcher: await connections.dispatcher,
        method,
        headers: {
          ...passedOn(headers),
          // The client's key, where it has one, wins over a user in the address.
          ...(headers.authorization === undefined ? basic : {}),
          // Read here, too: nothing compressed is asked for.
          "accept-encoding": "identity",
        },
        body: body.length === 0 ? null : body,
      });
      const bytes = Buffer.from(await answer.body.arrayBuffer());
      return { status: statusCode, headers: answer.headers, bytes, text: textOf(bytes, answer.headers) };
    },
    close: () => connections.close(),
  };
}

/** Prefect 1.x is asked at the address itself, which may be `https://host/graphql`: no slash comes behind it. */
const placeBelow = (folder: string, path: string): string =>
  folder === "" ? path : `${folder}${path.replace(/^\/(?=$|\?)/, "")}`;

/** Some servers compress whatever is asked. */
function textOf(bytes: Buffer, { "content-encoding": encoding = "identity" }: IncomingHttpHeaders): string {
  if (encoding === "br") return brotliDecompressSync(bytes).toString("utf8");
  return (encoding === "identity" || bytes.length === 0 ? bytes : unzipSync(bytes)).toString("utf8");
}
