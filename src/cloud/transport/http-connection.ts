import type { Dispatcher } from "undici";
import { FlowRunnerError } from "../../errors/index.ts";
import { messageOf } from "../../errors/message-of.ts";
import type { ApiCall } from "../port/call.ts";
import { Exchange, type HttpAnswer } from "./exchange.ts";
import { type Connect, type Connections, openConnections } from "./open-dispatcher.ts";
import { TransientFailure } from "./transient-failure.ts";

export type { HttpAnswer } from "./exchange.ts";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** What comes after the address: `/flow_runs/7e12…`. */
  readonly path: string;
  readonly body?: string | undefined;
}

export interface RequestOptions {
  /** What it is for, as whoever watches the requests is told it. */
  readonly operation: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds from the start to the last byte of the answer. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

/** One address and what is below it, over connections that are kept. */
export interface HttpConnection {
  /** The address without user and password, for messages. */
  readonly address: string;
  send(request: HttpRequest, options: RequestOptions): Promise<HttpAnswer>;
  /** Opens a WebSocket below the address, on the same way as requests: through a proxy, with the authorities that are trusted. */
  socket(
    path: string,
    options: { readonly protocol: string; readonly headers: RequestOptions["headers"] },
  ): Promise<WebSocket>;
  close(): void;
}

export interface HttpHooks {
  /** Opens a connection in the place of one to the address. */
  readonly connect?: Connect | undefined;
  /** What has no answer when it aborts has failed, and so does what is sent later. */
  readonly deadline?: AbortSignal | undefined;
  /** Told of each request when it begins, with what settles when it is over. */
  readonly calling?: ((sending: Promise<unknown>) => void) | undefined;
  /** Told of each request once it is over. */
  readonly called?: ((call: ApiCall) => void) | undefined;
}

/**
 * Opens nothing yet.
 *
 * @throws FlowRunnerError `API_URL_INVALID`, `API_CERTIFICATES_UNREADABLE`
 */
export function openHttp(
  url: string,
  env: NodeJS.ProcessEnv,
  { deadline, calling, called, connect }: HttpHooks = {},
): HttpConnection {
  const target = parseAddress(url);
  const address = `${target.origin}${target.pathname === "/" ? "" : target.pathname}`;
  const connections = openConnections(target, env, connect);
  return {
    address,
    send: (request, options) => {
      const sending = sendOnce({ target, address, connections, deadline }, request, options);
      calling?.(sending);
      if (called !== undefined) tellCall(sending, request, options, called);
      return sending;
    },
    socket: async (path, { protocol, headers }) => {
      const { pathname, search } = target;
      const url = new URL(`${pathname.replace(/\/+$/, "")}${path}${search}`, target.origin.replace(/^http/, "ws"));
      const dispatcher = await connections.dispatcher;
      // Node's own WebSocket takes these too; its types are those of browsers.
      const init = { protocols: [protocol], headers: { ...basicOf(target), ...headers }, dispatcher };
      return new WebSocket(url, init as unknown as string[]);
    },
    close: () => connections.close(),
  };
}

/** Whoever waits for the answer waits for nothing else. */
function tellCall(
  sending: Promise<HttpAnswer>,
  { method }: HttpRequest,
  { operation }: RequestOptions,
  called: (call: ApiCall) => void,
): void {
  const began = Date.now();
  const from = performance.now();
  const tell = (status: number | null, problem: string | null): void =>
    called({ operation, method, status, problem, began, took: performance.now() - from });
  sending.then(
    ({ status }) => tell(status, status < 400 ? null : `HTTP ${status}`),
    (error: unknown) => tell(null, messageOf(error)),
  );
}

function parseAddress(url: string): URL {
  const target = URL.canParse(url) ? new URL(url) : null;
  if (target === null || !["http:", "https:"].includes(target.protocol) || target.hostname === "") {
    throw new FlowRunnerError("API_URL_INVALID", { url });
  }
  return target;
}

interface Place {
  readonly target: URL;
  readonly address: string;
  readonly connections: Connections;
  readonly deadline: AbortSignal | undefined;
}

async function sendOnce(place: Place, request: HttpRequest, options: RequestOptions): Promise<HttpAnswer> {
  const { headers, timeout, signal } = options;
  // Its loading is no part of the request, whose time would be up before it began.
  const dispatcher = await place.connections.dispatcher;
  signal?.throwIfAborted();
  const exchange = new Exchange(() => place.connections.takeFresh());
  const stop = (): void => exchange.end(new Error("it was given up"));
  const timer = setTimeout(() => exchange.end(new Error(`no answer within ${timeout / 1_000} s`)), timeout);
  const late = (): void => exchange.end(new Error("no answer before this process had to end"));
  signal?.addEventListener("abort", stop, { once: true });
  place.deadline?.addEventListener("abort", late, { once: true });
  if (place.deadline?.aborted === true) late();
  try {
    if (place.deadline?.aborted !== true) dispatcher.dispatch(dispatched(place.target, request, headers), exchange);
    return await exchange.answer;
  } catch (error) {
    throw signal?.aborted === true ? signal.reason : failure(place.address, error as ConnectionError, exchange);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
    place.deadline?.removeEventListener("abort", late);
  }
}

function dispatched(
  target: URL,
  { method, path, body }: HttpRequest,
  headers: RequestOptions["headers"],
): Dispatcher.DispatchOptions {
  const { origin, pathname, search } = target;
  // An address that is a folder may be written with or without its slash; one that is asked itself is left as it is.
  const place = path === "" ? pathname : `${pathname.replace(/\/+$/, "")}${path}`;
  // The key, where there is one, wins over a user in the address.
  return { origin, path: `${place}${search}`, method, headers: { ...basicOf(target), ...headers }, body: body ?? null };
}

/** The header for the user that an address names; none where it names none. */
export function basicOf({ username, password }: URL): Readonly<Record<string, string>> {
  const user = [username, password].map(decodeURIComponent).join(":");
  return username === "" ? {} : { Authorization: `Basic ${Buffer.from(user).toString("base64")}` };
}

interface ConnectionError extends Error {
  readonly code?: string;
}

/** How a connection ends that the other side had closed already when the request came. */
const closedByOther: ReadonlySet<string | undefined> = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

function failure(address: string, error: ConnectionError, exchange: Exchange): TransientFailure {
  const problem = describe(error);
  return new TransientFailure(new FlowRunnerError("API_UNREACHABLE", { url: address, problem, seconds: 0 }), {
    maybeStored: exchange.written,
    unanswered: true,
    staleConnection: exchange.reused && closedByOther.has(error.code),
  });
}

/** Several addresses of one host fail together as an AggregateError without a message of its own. */
function describe(error: ConnectionError): string {
  if (error instanceof AggregateError) return error.errors.map((inner: Error) => inner.message).join(", ");
  return error.message === "" ? (error.code ?? "the connection failed") : error.message;
}
