/// <reference path="./undici-parts.d.ts" />
import type { Duplex } from "node:stream";
import type { Dispatcher } from "undici";
import { certificateAuthorities } from "./certificates.ts";

/** Connections to one origin; undici, loaded when the first of them is asked for. */
export interface Connections {
  readonly dispatcher: Promise<Dispatcher>;
  /**
   * Whether the request that is being written goes onto a connection that was just opened. Through a proxy, which tells
   * of none, it is never one.
   */
  takeFresh(): boolean;
  /** Ends them all, and what runs over them. */
  close(): void;
}

/** Opens a connection over which HTTP is spoken; null: nobody is there. */
export type Connect = () => Duplex | null;

/** Milliseconds that an idle connection is kept, unless the server says less: longer than from one heartbeat to the next. */
const keepAliveTimeout = 60_000;

/**
 * Opens none yet, but begins to load what it takes: that and the host's own start go on side by side.
 *
 * @param env where HTTPS_PROXY, HTTP_PROXY, NO_PROXY (in any case) and the authorities' files are named
 * @param connect - opens a connection in the place of one to the address
 * @throws FlowRunnerError `API_CERTIFICATES_UNREADABLE`
 */
export function openConnections(target: URL, env: NodeJS.ProcessEnv, connect?: Connect): Connections {
  const isSecure = target.protocol === "https:";
  const tls = isSecure ? certificateAuthorities(env) : {};
  const options = {
    keepAliveTimeout,
    // Each request has one time limit of its own, over all that it does.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
    connect: connect === undefined ? { ...tls, allowH2: false } : connectorOf(connect),
  };
  const proxy = connect === undefined ? proxyFor(isSecure, env) : "";
  const dispatcher = proxy === "" ? openPool(target.origin, options) : openProxied(proxy, tls, env, options);
  // A connection is opened for a request that waits, which undici writes right after it has told of the connection.
  let fresh = 0;
  dispatcher.then(
    (opened) => opened.on("connect", () => (fresh += 1)),
    () => undefined,
  );
  const takeFresh = (): boolean => {
    const isFresh = fresh > 0;
    if (isFresh) fresh -= 1;
    return isFresh;
  };
  return { dispatcher, takeFresh, close: () => void dispatcher.then((opened) => opened.destroy()).catch(() => {}) };
}

/** undici's form of it. It takes up the connection's end only once this one has returned. */
const connectorOf =
  (connect: Connect) =>
  (_options: object, callback: (error: Error | null, connection: Duplex | null) => void): void => {
    setImmediate(() => {
      const connection = connect();
      if (connection === null) callback(refusal, null);
      else callback(null, connection);
    });
  };

const refusal = Object.assign(new Error("connect ECONNREFUSED: nobody is there"), { code: "ECONNREFUSED" });

/** As curl and Python's requests: each scheme has a proxy of its own. */
function proxyFor(isSecure: boolean, env: NodeJS.ProcessEnv): string {
  return (isSecure ? env.https_proxy || env.HTTPS_PROXY : env.http_proxy || env.HTTP_PROXY) ?? "";
}

/** The one part that is needed: the whole takes twice as long to load. */
async function openPool(origin: string, options: object): Promise<Dispatcher> {
  const { default: Pool } = await import("undici/lib/dispatcher/pool.js");
  return new Pool(origin, options);
}

/** Takes all of undici: its proxies need what its index puts together. */
async function openProxied(proxy: string, tls: object, env: NodeJS.ProcessEnv, options: object): Promise<Dispatcher> {
  const { default: undici } = await import("undici/index.js");
  const noProxy = (env.no_proxy || env.NO_PROXY) ?? "";
  return new undici.EnvHttpProxyAgent({ ...options, requestTls: tls, httpProxy: proxy, httpsProxy: proxy, noProxy });
}
