import { z } from "zod";
import type { HttpAnswer } from "../../transport/http-connection.ts";

const answerShape = z.object({ token: z.string() });

/**
 * The token that a server with PREFECT_SERVER_CSRF_PROTECTION_ENABLED wants with whatever changes something. It is
 * asked for when a request was refused for the lack of it: at the first one, and when it has expired.
 */
export class CsrfToken {
  readonly #ask: (path: string) => Promise<HttpAnswer>;
  readonly #client = crypto.randomUUID();
  #token: string | null = null;

  constructor(ask: (path: string) => Promise<HttpAnswer>) {
    this.#ask = ask;
  }

  get headers(): Readonly<Record<string, string>> {
    return this.#token === null ? {} : { "Prefect-Csrf-Token": this.#token, "Prefect-Csrf-Client": this.#client };
  }

  /** Whether the request of this answer is to be sent once more, with a token. */
  async renewUpon({ status, body }: HttpAnswer): Promise<boolean> {
    if (status !== 403 || !/csrf|client identifier/i.test(body)) return false;
    const answer = await this.#ask(`/csrf-token?client=${this.#client}`);
    if (answer.status !== 200) return false;
    const parsed = answerShape.safeParse(JSON.parse(answer.body));
    if (!parsed.success) return false;
    this.#token = parsed.data.token;
    return true;
  }
}
