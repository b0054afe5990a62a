import type { Dispatcher } from "undici";
import { parseRetryAfter } from "./retry-after.ts";

export interface HttpAnswer {
  readonly status: number;
  /** Milliseconds, from Retry-After. */
  readonly retryAfter: number | null;
  /** What the server's clock said, epoch milliseconds, to the second, from Date; null: it did not say. */
  readonly date: number | null;
  readonly body: string;
}

/** One request and its answer, as undici tells of them. */
export class Exchange implements Dispatcher.DispatchHandler {
  /** The request went onto a connection, so the API may have done what it asks. */
  written = false;
  /** That connection had carried a request before. */
  reused = false;
  readonly #done = Promise.withResolvers<HttpAnswer>();
  readonly #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | null = null;
  #ended: Error | null = null;
  #status = 0;
  #retryAfter: number | null = null;
  #date: number | null = null;

  readonly #isFresh: () => boolean;

  /** @param isFresh - whether the connection that a request goes onto is a new one; asked once, as that happens */
  constructor(isFresh: () => boolean) {
    this.#isFresh = isFresh;
  }

  get answer(): Promise<HttpAnswer> {
    return this.#done.promise;
  }

  /** Gives it up; a request that still waits for its connection is never written. */
  end(reason: Error): void {
    this.#ended = reason;
    this.#controller?.abort(reason);
    this.#done.reject(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.reused = !this.#isFresh();
    if (this.#ended !== null) {
      controller.abort(this.#ended);
      return;
    }
    this.#controller = controller;
    this.written = true;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    const header = (name: string): string | undefined => [headers[name] ?? []].flat()[0];
    const date = Date.parse(header("date") ?? "");
    this.#status = statusCode;
    this.#date = Number.isNaN(date) ? null : date;
    this.#retryAfter = parseRetryAfter(header("retry-after"), this.#date ?? Date.now());
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const body = Buffer.concat(this.#chunks).toString("utf8");
    const answer = { status: this.#status, retryAfter: this.#retryAfter, date: this.#date, body };
    // undici frees the connection in the next turn of the event loop: a request that came before would open another one.
    setImmediate(() => setImmediate(() => this.#done.resolve(answer)));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#done.reject(error);
  }
}
