import { z } from "zod";
import { FlowRunnerError } from "../../../errors/index.ts";
import type { CallOptions } from "../../port/call.ts";
import type { HttpAnswer, HttpConnection, HttpRequest } from "../../transport/http-connection.ts";
import { type RetryPolicy, withRetries } from "../../transport/retry.ts";
import { TransientFailure } from "../../transport/transient-failure.ts";
import { CsrfToken } from "./csrf-token.ts";
import { type Credentials, requestHeaders } from "./request-headers.ts";
import { problemIn } from "./rest-problem.ts";
import type { RestRequest } from "./rest-request.ts";

export interface RestClientOptions extends Credentials {
  readonly http: HttpConnection;
  readonly retry: RetryPolicy;
  /** Milliseconds. */
  readonly requestTimeout: number;
}

/** A login page stays one however often it is asked; where an API has answered, a proxy's page will go again. */
const attemptsForGarbage = 3;

/**
 * Sends requests to the API of Prefect 3 and sorts the answers: what may be tried again, what is final, what is an
 * answer. A server over SQLite answers 503 whenever its file is locked, which is tried again like any outage.
 */
export class RestClient {
  readonly #options: RestClientOptions;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #csrf: CsrfToken;
  #hasAnswered = false;

  constructor(options: RestClientOptions) {
    this.#options = options;
    this.#headers = requestHeaders(options);
    this.#csrf = new CsrfToken((path) => this.#exchange({ operation: "the CSRF token", method: "GET", path }, {}));
  }

  get address(): string {
    return this.#options.http.address;
  }

  /** Opens a WebSocket of Prefect's below the address; headers of one's own go with it. */
  socket(path: string): Promise<WebSocket> {
    const { http, headers } = this.#options;
    return http.socket(path, { protocol: "prefect", headers });
  }

  get retry(): RetryPolicy {
    return this.#options.retry;
  }

  /** What also goes with a request beside HTTP: the WebSocket of events. */
  get credentials(): Credentials {
    return this.#options;
  }

  /**
   * As many attempts as the outage budget allows.
   *
   * @throws FlowRunnerError `API_REJECTED` for an answer that says no (see `rejectedWith`), `API_UNREACHABLE`,
   *   `API_UNAUTHORIZED`, `API_ANSWER_MALFORMED`
   */
  send<T>(request: RestRequest<T>, options: CallOptions = {}): Promise<T> {
    return withRetries(() => this.once(request, options), this.retry, options);
  }

  /** One attempt. */
  async once<T>(request: RestRequest<T>, options: CallOptions = {}): Promise<T> {
    try {
      return this.#read(request, await this.#answer(request, options));
    } catch (error) {
      const isSeenTwice = request.repeatable === false;
      if (isSeenTwice && error instanceof TransientFailure && error.circumstances.maybeStored) throw error.final;
      throw error;
    }
  }

  async #answer<T>(asked: RestRequest<T>, options: CallOptions): Promise<HttpAnswer> {
    const { operation, method, path, body } = asked;
    const request = { operation, method, path, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const answer = await this.#exchange(request, options);
    // Whether the server wants a token is seen when it first misses one, which costs others no request.
    const renewed = await this.#csrf.renewUpon(answer);
    return renewed ? this.#exchange(request, options) : answer;
  }

  #exchange(
    { operation, ...request }: HttpRequest & { readonly operation: string },
    options: CallOptions,
  ): Promise<HttpAnswer> {
    return this.#options.http.send(request, {
      operation,
      headers: { ...this.#headers, ...this.#csrf.headers },
      timeout: options.timeout ?? this.#options.requestTimeout,
      signal: options.signal,
    });
  }

  #read<T>({ operation, shape }: RestRequest<T>, answer: HttpAnswer): T {
    const { status } = answer;
    const body = this.#withoutKeys(answer.body);
    const problem = problemIn(body);
    if (status === 401 || status === 403) {
      const { key, authString } = this.#options;
      const details = {
        url: this.address,
        problem: `HTTP ${status} (${problem})`,
        hasKey: (authString ?? key) !== null,
      };
      throw new FlowRunnerError("API3_UNAUTHORIZED", details);
    }
    if (status >= 500 || status === 429 || status === 408) {
      const final = { url: this.address, problem: `it answers HTTP ${status} (${problem})`, seconds: 0 };
      throw new TransientFailure(new FlowRunnerError("API_UNREACHABLE", final), {
        // Of 503 Prefect's server says that its database is locked: nothing was stored.
        maybeStored: status !== 429 && status !== 503,
        unanswered: isGateways(status, answer.body),
        rateLimited: status === 429,
        retryAfter: answer.retryAfter,
      });
    }
    // A load balancer that has no API behind it says 404 as well, and not in JSON.
    if (status === 404 && jsonIn(answer.body) === null) throw this.#garbage(operation, body);
    if (status < 200 || status >= 300)
      throw new FlowRunnerError("API_REJECTED", {
        ...{ url: this.address, status, problem: `${operation}: ${problem}` },
        ...(answer.retryAfter === null ? {} : { retryAfter: answer.retryAfter }),
      });
    return this.#parse(operation, shape, answer.body);
  }

  #parse<T>(operation: string, shape: z.ZodType<T>, body: string): T {
    const found = jsonIn(body);
    if (found === null) throw this.#garbage(operation, body);
    this.#hasAnswered = true;
    const parsed = shape.safeParse(found.json);
    if (parsed.success) return parsed.data;
    throw this.#malformed(operation, z.prettifyError(parsed.error), body);
  }

  /** What answers in the place of an API is an outage of it. */
  #garbage(operation: string, body: string): TransientFailure {
    return new TransientFailure(this.#malformed(operation, "it is no JSON", body), {
      maybeStored: true,
      unanswered: true,
      ...(this.#hasAnswered ? {} : { maxAttempts: attemptsForGarbage }),
    });
  }

  #malformed(operation: string, problem: string, body: string): FlowRunnerError {
    const excerpt = this.#withoutKeys(body).slice(0, 200);
    return new FlowRunnerError("API_ANSWER_MALFORMED", { url: this.address, operation, problem, excerpt });
  }

  /** A server or proxy that shows what it was sent must not bring a key into a message. */
  #withoutKeys(text: string): string {
    const { key, authString } = this.#options;
    const secrets = [key, authString].filter((secret) => secret !== null && secret !== "");
    return secrets.reduce<string>((masked, secret) => masked.replaceAll(secret ?? "", "***"), text);
  }
}

/** Whether a failure is one of what stands before the API, which has nothing behind it. Of its locked database the API says 503 in its own form. */
const isGateways = (status: number, body: string): boolean =>
  status === 502 || status === 504 || (status === 503 && !body.includes("exception_message"));

/** Null: it is none. An answer without a body is `null`. */
function jsonIn(body: string): { readonly json: unknown } | null {
  try {
    return { json: body === "" ? null : JSON.parse(body) };
  } catch {
    return null;
  }
}

/** Whether the API has said no in this way: 404, there is no such thing; 423, all slots are taken. */
export function rejectedWith(error: unknown, ...statuses: readonly number[]): error is FlowRunnerError<"API_REJECTED"> {
  if (!(error instanceof FlowRunnerError) || error.code !== "API_REJECTED") return false;
  return statuses.includes((error.details as { status: number }).status);
}

/** Milliseconds after which an answer that said no asks to be tried again; null: it does not. */
export const retryAfterOf = (error: FlowRunnerError<"API_REJECTED">): number | null =>
  (error.details as { retryAfter?: number | null }).retryAfter ?? null;
