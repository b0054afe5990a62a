import { z } from "zod";
import { FlowRunnerError } from "../../../errors/index.ts";
import type { CallOptions } from "../../port/call.ts";
import type { HttpAnswer, HttpConnection } from "../../transport/http-connection.ts";
import { type RetryPolicy, withRetries } from "../../transport/retry.ts";
import { TransientFailure } from "../../transport/transient-failure.ts";
import type { Dialect } from "../dialect/dialect.ts";
import type { GraphqlDocument } from "./document.ts";
import { authorizationError, type GraphqlAnswer, isApiError, parseAnswer, problemOf } from "./graphql-answer.ts";
import { KnownColumns } from "./known-columns.ts";
import { type Mutation, mutationDocument, mutationRow } from "./mutation.ts";

export interface GraphqlClientOptions {
  readonly http: HttpConnection;
  readonly retry: RetryPolicy;
  readonly key: string | null;
  readonly tenantId: string | null;
  /** Milliseconds. */
  readonly requestTimeout: number;
  readonly dialect: Dialect;
  /** With every request. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Prefect 1.x sends what the API answers with API_ERROR six times. */
const attemptsForApiErrors = 6;
/** A hotel's login page stays one however often it is asked; where an API has answered, a proxy's page will go again. */
const attemptsForGarbage = 3;

/** Posts GraphQL documents and sorts the answers: what may be tried again, what is final, what is an answer. */
export class GraphqlClient {
  readonly #options: GraphqlClientOptions;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #columns: KnownColumns;
  #apiTime: number | null = null;
  #hasAnswered = false;

  constructor(options: GraphqlClientOptions) {
    this.#options = options;
    this.#columns = new KnownColumns(options.dialect.uncertainColumns);
    this.#headers = {
      "Content-Type": "application/json",
      Accept: "application/json",
      ...options.dialect.headers(options.tenantId),
      ...(options.key === null ? {} : { Authorization: `Bearer ${options.key}` }),
      ...options.headers,
    };
  }

  /** The same client, over the same connections, that sends these headers too. */
  with(headers: Readonly<Record<string, string>>): GraphqlClient {
    return new GraphqlClient({ ...this.#options, headers: { ...this.#options.headers, ...headers } });
  }

  get address(): string {
    return this.#options.http.address;
  }

  get retry(): RetryPolicy {
    return this.#options.retry;
  }

  get dialect(): Dialect {
    return this.#options.dialect;
  }

  /** What the API's clock said with its newest answer, epoch milliseconds, to the second; null: it does not tell. */
  get apiTime(): number | null {
    return this.#apiTime;
  }

  /** @throws FlowRunnerError `API_OPERATION_MISSING`, for an operation or `operation.field` that the dialect lacks */
  require(name: string, operation: string): void {
    const { dialect, address } = this;
    if (!dialect.lacks.has(name)) return;
    throw new FlowRunnerError("API_OPERATION_MISSING", { url: address, operation, name, dialect: dialect.name });
  }

  /** One mutation, in the dialect; see `send`. */
  async mutate<Row>(mutation: Mutation<Row>, options: CallOptions = {}): Promise<Row> {
    const { document, shape } = this.#inDialect(mutation);
    return Object.values(await this.send(document, shape, options))[0] as Row;
  }

  /** One attempt at a mutation, for whoever has to look at the API before the next one. */
  async mutateOnce<Row>(mutation: Mutation<Row>): Promise<Row> {
    const { document, shape } = this.#inDialect(mutation);
    return Object.values(this.read(document, shape, await this.once(document)))[0] as Row;
  }

  #inDialect<Row>(mutation: Mutation<Row>) {
    const { dialect } = this;
    const { name, input, operation } = mutation;
    for (const needed of [name, ...Object.keys(input).map((field) => `${name}.${field}`)])
      this.require(needed, operation);
    const shape = z.object({ [dialect.spell(name)]: mutationRow(dialect, name, mutation.row) });
    return { document: mutationDocument(dialect, mutation), shape };
  }

  /** As many attempts as the outage budget allows; an error in the answer is thrown as `API_REFUSED`. */
  async send<T>(document: GraphqlDocument, shape: z.ZodType<T>, options: CallOptions = {}): Promise<T> {
    const answer = await withRetries(() => this.once(document, options), this.retry, options);
    return this.read(document, shape, answer);
  }

  /** One attempt. Errors of the document come in the answer. */
  async once(document: GraphqlDocument, options: CallOptions = {}): Promise<GraphqlAnswer> {
    const answer = await this.#post(document, options);
    const isFlexible = typeof document.query !== "string";
    return isFlexible && this.#columns.learn(answer) ? this.#post(document, options) : answer;
  }

  async #post(document: GraphqlDocument, options: CallOptions): Promise<GraphqlAnswer> {
    const query =
      typeof document.query === "string" ? document.query : document.query((columns) => this.#columns.only(columns));
    // Prefect 1.x's client sends the variables as a JSON text within the JSON body.
    const variables = document.variables ?? "null";
    const body = `{"query":${JSON.stringify(query)},"variables":${JSON.stringify(variables)}}`;
    const answer = await this.#options.http.send(
      { method: "POST", path: "", body },
      {
        operation: document.operation,
        headers: { ...this.#headers, ...document.headers },
        timeout: options.timeout ?? this.#options.requestTimeout,
        signal: options.signal,
      },
    );
    this.#apiTime = answer.date;
    return this.#sort(document, answer);
  }

  /** What was asked for, from an answer. */
  read<T>(document: GraphqlDocument, shape: z.ZodType<T>, answer: GraphqlAnswer): T {
    if (answer.errors.length > 0) {
      throw new FlowRunnerError("API_REFUSED", { operation: document.operation, problem: problemOf(answer.errors) });
    }
    const parsed = shape.safeParse(answer.data);
    if (parsed.success) return parsed.data;
    throw this.malformed(document.operation, z.prettifyError(parsed.error), JSON.stringify(answer.data));
  }

  malformed(operation: string, problem: string, body: string): FlowRunnerError {
    const excerpt = this.#withoutKey(body).slice(0, 200);
    return new FlowRunnerError("API_ANSWER_MALFORMED", { url: this.address, operation, problem, excerpt });
  }

  #sort(document: GraphqlDocument, answer: HttpAnswer): GraphqlAnswer {
    const { status } = answer;
    const body = this.#withoutKey(answer.body);
    if (status === 401 || status === 403) throw this.#unauthorized(`HTTP ${status}${remark(body)}`);
    if (status >= 500 || status === 429 || status === 408) {
      const problem = `it answers HTTP ${status}${remark(body)}`;
      throw new TransientFailure(new FlowRunnerError("API_UNREACHABLE", { url: this.address, problem, seconds: 0 }), {
        maybeStored: status !== 429,
        rateLimited: status === 429,
        retryAfter: answer.retryAfter,
      });
    }
    const sorted = parseAnswer(answer.body);
    if (status !== 200 && (typeof sorted === "string" || sorted.errors.length === 0)) {
      const problem = body.trim().slice(0, 200) || "no reason was given";
      throw new FlowRunnerError("API_REJECTED", { url: this.address, status, problem });
    }
    if (typeof sorted === "string") {
      const final = this.malformed(document.operation, sorted, body);
      throw new TransientFailure(final, {
        maybeStored: true,
        ...(this.#hasAnswered ? {} : { maxAttempts: attemptsForGarbage }),
      });
    }
    this.#hasAnswered = true;
    const unauthorized = authorizationError(sorted.errors);
    if (unauthorized !== undefined) throw this.#unauthorized(unauthorized.message);
    if (isApiError(sorted.errors)) {
      // It says nothing about what was sent: nobody may take it for a refusal of that.
      const problem = `it answers to ${document.operation} with API_ERROR: ${problemOf(sorted.errors)}`;
      throw new TransientFailure(new FlowRunnerError("API_UNREACHABLE", { url: this.address, problem, seconds: 0 }), {
        maybeStored: true,
        maxAttempts: attemptsForApiErrors,
      });
    }
    return sorted;
  }

  #unauthorized(problem: string): FlowRunnerError {
    return new FlowRunnerError("API_UNAUTHORIZED", { url: this.address, problem, hasKey: this.#options.key !== null });
  }

  /** A server or proxy that shows what it was sent must not bring the key into a message. */
  #withoutKey(text: string): string {
    const { key } = this.#options;
    return key === null || key === "" ? text : text.replaceAll(key, "***");
  }
}

/** Pages are for people. */
function remark(body: string): string {
  const text = body.trim().slice(0, 120);
  return text === "" || text.startsWith("<") ? "" : ` (${text})`;
}
