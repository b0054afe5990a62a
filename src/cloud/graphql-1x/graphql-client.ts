import { z } from "zod";
import { FlowRunnerError } from "../../errors/index.ts";
import type { CallOptions } from "../api.ts";
import type { HttpAnswer, HttpPost } from "../transport/http-post.ts";
import { type RetryPolicy, withRetries } from "../transport/retry.ts";
import { TransientFailure } from "../transport/transient-failure.ts";

/** A GraphQL request. Prefect's client sends the variables as a JSON text within the JSON body. */
export interface GraphqlDocument {
  /** What it does, for messages: `the heartbeat`. */
  readonly operation: string;
  readonly query: string;
  /** A JSON object, already written. */
  readonly variables?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const errorSchema = z.object({
  message: z.string().catch("an error without a message"),
  path: z.array(z.union([z.string(), z.number()])).nullish(),
  extensions: z.looseObject({ code: z.string().optional().catch(undefined) }).nullish(),
});
export type GraphqlError = z.infer<typeof errorSchema>;

const answerSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(errorSchema).nullish(),
});

/** Both may be there at once: one alias of a document can fail while the others are done. */
export interface GraphqlAnswer {
  readonly data: Readonly<Record<string, unknown>>;
  readonly errors: readonly GraphqlError[];
}

export interface GraphqlClientOptions {
  readonly http: HttpPost;
  readonly retry: RetryPolicy;
  readonly key: string | null;
  readonly tenantId: string | null;
  /** Milliseconds. */
  readonly requestTimeout: number;
  readonly coreVersion: string;
}

/** Prefect 1.x re-sends six times what the API answers with API_ERROR; a garbled answer is not worth more either. */
const attemptsForOddAnswers = 6;
const attemptsForGarbage = 3;

/** Posts GraphQL documents and sorts the answers: what may be tried again, what is final, what is an answer. */
export class GraphqlClient {
  readonly #options: GraphqlClientOptions;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(options: GraphqlClientOptions) {
    this.#options = options;
    this.#headers = {
      "Content-Type": "application/json",
      Accept: "application/json",
      "X-PREFECT-CORE-VERSION": options.coreVersion,
      ...(options.key === null ? {} : { Authorization: `Bearer ${options.key}` }),
      ...(options.tenantId === null ? {} : { "X-PREFECT-TENANT-ID": options.tenantId }),
    };
  }

  get address(): string {
    return this.#options.http.address;
  }

  get retry(): RetryPolicy {
    return this.#options.retry;
  }

  /** One attempt. Errors of the document come in the answer. */
  async once(document: GraphqlDocument, options: CallOptions = {}): Promise<GraphqlAnswer> {
    const variables = document.variables ?? "null";
    const body = `{"query":${JSON.stringify(document.query)},"variables":${JSON.stringify(variables)}}`;
    const answer = await this.#options.http.post(body, {
      headers: { ...this.#headers, ...document.headers },
      timeout: options.timeout ?? this.#options.requestTimeout,
      signal: options.signal,
    });
    return this.#sort(document, answer);
  }

  /** As many attempts as the outage budget allows; an error in the answer is thrown as `API_REFUSED`. */
  async send<T>(document: GraphqlDocument, shape: z.ZodType<T>, options: CallOptions = {}): Promise<T> {
    const answer = await withRetries(() => this.once(document, options), this.retry, options);
    return this.read(document, shape, answer);
  }

  /** As `send`, with one attempt. */
  async read<T>(document: GraphqlDocument, shape: z.ZodType<T>, answer: GraphqlAnswer): Promise<T> {
    if (answer.errors.length > 0) {
      throw new FlowRunnerError("API_REFUSED", { operation: document.operation, problem: problemOf(answer.errors) });
    }
    const parsed = shape.safeParse(answer.data);
    if (parsed.success) return parsed.data;
    throw this.malformed(document.operation, z.prettifyError(parsed.error), JSON.stringify(answer.data));
  }

  malformed(operation: string, problem: string, body: string): FlowRunnerError {
    const excerpt = body.slice(0, 200);
    return new FlowRunnerError("API_ANSWER_MALFORMED", { url: this.address, operation, problem, excerpt });
  }

  #sort(document: GraphqlDocument, answer: HttpAnswer): GraphqlAnswer {
    const { status, body } = answer;
    if (status === 401 || status === 403) throw this.#unauthorized(`HTTP ${status}${remark(body)}`);
    if (status >= 500 || status === 429 || status === 408) {
      throw new TransientFailure(this.#unreachable(`it answers HTTP ${status}${remark(body)}`), {
        maybeStored: status !== 429,
        retryAfter: answer.retryAfter,
      });
    }
    const sorted = parseAnswer(body);
    if (typeof sorted === "string") {
      if (status !== 200) throw this.#rejected(status, body);
      const final = this.malformed(document.operation, sorted, body);
      throw new TransientFailure(final, { maybeStored: true, maxAttempts: attemptsForGarbage });
    }
    if (status !== 200 && sorted.errors.length === 0) throw this.#rejected(status, body);
    this.#lookForKnownErrors(document, sorted.errors);
    return sorted;
  }

  #lookForKnownErrors(document: GraphqlDocument, errors: readonly GraphqlError[]): void {
    const auth = errors.find(
      ({ message, extensions }) =>
        extensions?.code === "UNAUTHENTICATED" || /UNAUTHENTICATED|Malformed Authorization header/.test(message),
    );
    if (auth !== undefined) throw this.#unauthorized(auth.message);
    if (errors.some(({ message, extensions }) => extensions?.code === "API_ERROR" || message.includes("API_ERROR"))) {
      const problem = problemOf(errors);
      throw new TransientFailure(new FlowRunnerError("API_REFUSED", { operation: document.operation, problem }), {
        maybeStored: true,
        maxAttempts: attemptsForOddAnswers,
      });
    }
  }

  #unauthorized(problem: string): FlowRunnerError {
    return new FlowRunnerError("API_UNAUTHORIZED", { url: this.address, problem, hasKey: this.#options.key !== null });
  }

  #unreachable(problem: string): FlowRunnerError {
    return new FlowRunnerError("API_UNREACHABLE", { url: this.address, problem, seconds: 0 });
  }

  #rejected(status: number, body: string): FlowRunnerError {
    return new FlowRunnerError("API_REJECTED", { url: this.address, status, problem: body.trim().slice(0, 200) });
  }
}

export const problemOf = (errors: readonly GraphqlError[]): string =>
  [...new Set(errors.map(({ message }) => message.trim().replace(/\.$/, "")))].slice(0, 3).join("; ");

/** A sentence: why this is no answer of a GraphQL API. */
function parseAnswer(body: string): GraphqlAnswer | string {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return "it is no JSON";
  }
  const parsed = answerSchema.safeParse(json);
  if (!parsed.success) return z.prettifyError(parsed.error);
  const { data, errors } = parsed.data;
  if (data == null && (errors == null || errors.length === 0)) return "it has neither data nor errors";
  return { data: data ?? {}, errors: errors ?? [] };
}

function remark(body: string): string {
  const text = body.trim().slice(0, 120);
  return text === "" || text.startsWith("<") ? "" : ` (${text})`;
}
