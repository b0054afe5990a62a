import type { HandlerTools, LocationContext, ResultHandler } from "../../flow/result-handler.ts";
import type { HandlerDescription } from "../../state/index.ts";
import { checkOptions, required, text } from "../options/option-rules.ts";

/**
 * For a task whose result is a secret: only the secret's name is kept, and reading fetches the secret again.
 *
 * Prefect 0.7: `SecretResultHandler(secret_task)`; the location is the name.
 *
 * @throws `RESULT_OPTION_INVALID`
 */
export class SecretResultHandler implements ResultHandler {
  readonly #name: string;

  constructor(options: { readonly name: string }) {
    checkOptions("SecretResultHandler", options, { name: required(text) });
    this.#name = options.name;
  }

  describe(): HandlerDescription {
    return { type: "SecretResultHandler", name: this.#name };
  }

  /** The value is not looked at: it goes nowhere. */
  async write(_value: unknown, _context: LocationContext, _tools: HandlerTools): Promise<string> {
    return this.#name;
  }

  async read(location: string, tools: HandlerTools): Promise<unknown> {
    return tools.secret(location);
  }
}
