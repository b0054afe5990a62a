/** What a provider answers. `said` is for people, and never holds a value. */
export type Finding =
  | { readonly found: true; readonly value: unknown }
  | { readonly found: false; readonly said: string };

/** A place where secrets are. A failure (no permission, no answer) is thrown; "not here" is an answer. */
export interface SecretProvider {
  /** As in an order, and as the prefix of a name: `gcp`. */
  readonly name: string;
  find(key: string, signal: AbortSignal): Promise<Finding>;
}

export const notHere = (said: string): Finding => ({ found: false, said });
export const here = (value: unknown): Finding => ({ found: true, value });
