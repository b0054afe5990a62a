import { FlowRunnerError } from "../../../errors/index.ts";
import type { Masker, SecretFound } from "../../../secrets/index.ts";

/** The secrets that the flow's code has asked for in this host, and whether a value holds one. */
export class HostSecrets {
  readonly #ask: (name: string) => Promise<unknown>;
  /** Null until the first secret is fetched: a run without secrets searches nothing. */
  #masker: Masker | null = null;

  constructor(ask: (name: string) => Promise<unknown>) {
    this.#ask = ask;
  }

  readonly get = async (name: string): Promise<unknown> => {
    const [value, { createMasker }] = await Promise.all([this.#ask(name), import("../../../secrets/index.ts")]);
    this.#masker ??= createMasker();
    this.#masker.register(name, value);
    return value;
  };

  /** A text without these secrets. */
  readonly mask = (text: string): string => this.#masker?.mask(text) ?? text;

  /** Where a value holds a secret; null: nowhere. */
  findIn(value: unknown): SecretFound | null {
    return this.#masker?.findSecret(value) ?? null;
  }

  /** None was fetched: there is nothing to search for. */
  get isEmpty(): boolean {
    return this.#masker === null;
  }

  /**
   * Refuses a text that would be kept with the run.
   *
   * @param what - `cache key of task "mean"`
   * @throws FlowRunnerError `SECRET_IN_VALUE`
   */
  refuseIn(text: string, what: string): void {
    // Locations have some characters of a value percent-encoded, and the others as they are.
    const plain = text.replaceAll(/%([0-9a-f]{2})/gi, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
    const found = this.findIn(text) ?? this.findIn(plain);
    if (found !== null) throw new FlowRunnerError("SECRET_IN_VALUE", { what, ...found });
  }
}
