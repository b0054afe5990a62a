import type { Masker, SecretFound } from "../../secrets/index.ts";

/** The secrets that the flow's code has asked for in this host, and whether a value holds one. */
export class HostSecrets {
  readonly #ask: (name: string) => Promise<unknown>;
  /** Null until the first secret is fetched: a run without secrets searches nothing. */
  #masker: Masker | null = null;

  constructor(ask: (name: string) => Promise<unknown>) {
    this.#ask = ask;
  }

  readonly get = async (name: string): Promise<unknown> => {
    const [value, { createMasker }] = await Promise.all([this.#ask(name), import("../../secrets/index.ts")]);
    this.#masker ??= createMasker();
    this.#masker.register(name, value);
    return value;
  };

  /** Where a value holds a secret; null: nowhere. */
  findIn(value: unknown): SecretFound | null {
    return this.#masker?.findSecret(value) ?? null;
  }
}
