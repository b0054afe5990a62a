import type { ClientRequest, IncomingMessage } from "node:http";
import { FlowRunnerError } from "../../errors/index.ts";
import { certificateAuthorities } from "./certificates.ts";
import { parseRetryAfter } from "./retry-after.ts";
import { TransientFailure } from "./transient-failure.ts";

export interface PostOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds from the start to the last byte of the answer. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  /** Milliseconds, from Retry-After. */
  readonly retryAfter: number | null;
  readonly body: string;
}

/** One address that bodies are posted to, over connections that are kept. */
export interface HttpPost {
  /** The address without user and password, for messages. */
  readonly address: string;
  post(body: string, options: PostOptions): Promise<HttpAnswer>;
  close(): void;
}

/**
 * Opens nothing yet. A proxy (HTTPS_PROXY, HTTP_PROXY, NO_PROXY in `env`) is node's own agent's affair, so that no
 * second HTTP client is needed for it.
 */
export function openHttpPost(url: string, env: NodeJS.ProcessEnv): HttpPost {
  const target = parseAddress(url);
  const address = `${target.origin}${target.pathname === "/" ? "" : target.pathname}`;
  const { send, destroy } = target.protocol === "https:" ? overTls(target, env) : overPlain(target, env);
  return {
    address,
    post: (body, options) => postOnce(send, address, body, options),
    close: destroy,
  };
}

interface Wire {
  readonly send: (options: object, answered: (answer: IncomingMessage) => void) => ClientRequest;
  readonly destroy: () => void;
}

// `process.getBuiltinModule` loads these in a tenth of the time that an `import` of them takes.
function overPlain(target: URL, env: NodeJS.ProcessEnv): Wire {
  const http = process.getBuiltinModule("node:http");
  const agent = new http.Agent({ keepAlive: true, proxyEnv: env });
  return {
    send: (options, answered) => http.request(target, { ...options, agent }, answered),
    destroy: () => agent.destroy(),
  };
}

function overTls(target: URL, env: NodeJS.ProcessEnv): Wire {
  const https = process.getBuiltinModule("node:https");
  const agent = new https.Agent({ keepAlive: true, proxyEnv: env, ...certificateAuthorities(env) });
  return {
    send: (options, answered) => https.request(target, { ...options, agent }, answered),
    destroy: () => agent.destroy(),
  };
}

function parseAddress(url: string): URL {
  const target = URL.canParse(url) ? new URL(url) : null;
  if (target === null || !["http:", "https:"].includes(target.protocol) || target.hostname === "") {
    throw new FlowRunnerError("API_URL_INVALID", { url });
  }
  return target;
}

function postOnce(send: Wire["send"], address: string, body: string, options: PostOptions): Promise<HttpAnswer> {
  const bytes = Buffer.from(body);
  return new Promise((resolve, reject) => {
    let written = false;
    const request = send(
      {
        method: "POST",
        headers: { ...options.headers, "Content-Length": String(bytes.length) },
        signal: options.signal,
      },
      (answer) => readBody(answer).then(resolve, fail),
    );
    const timer = setTimeout(() => {
      request.destroy(new Error(`no answer within ${options.timeout / 1_000} s`));
    }, options.timeout);
    const fail = (error: NodeJS.ErrnoException): void => {
      if (options.signal?.aborted === true) {
        reject(options.signal.reason);
        return;
      }
      const problem = describe(error);
      reject(
        new TransientFailure(new FlowRunnerError("API_UNREACHABLE", { url: address, problem, seconds: 0 }), {
          maybeStored: written,
          staleConnection: request.reusedSocket && (error.code === "ECONNRESET" || error.code === "EPIPE"),
        }),
      );
    };
    request.once("socket", (socket) => {
      if (!socket.connecting) written = true;
      else socket.once("connect", () => (written = true));
    });
    request.once("error", fail);
    request.once("close", () => clearTimeout(timer));
    request.end(bytes);
  });
}

async function readBody(answer: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  return {
    status: answer.statusCode ?? 0,
    retryAfter: parseRetryAfter(answer.headers["retry-after"]),
    body: Buffer.concat(chunks).toString("utf8"),
  };
}

/** Several addresses of one host fail together as an AggregateError without a message of its own. */
function describe(error: NodeJS.ErrnoException): string {
  if (error instanceof AggregateError) return error.errors.map((inner: Error) => inner.message).join(", ");
  return error.message === "" ? (error.code ?? "the connection failed") : error.message;
}
