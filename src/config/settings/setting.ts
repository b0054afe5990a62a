import type { Kind } from "./value-kinds.ts";

/** One row of the table of settings. */
export interface Setting<Value> {
  /** Environment variables that set it; the first that is set and not empty wins. */
  readonly names: readonly string[];
  readonly kind: Kind<Exclude<Value, null>>;
  readonly fallback: Value;
  /** The default as a reader sees it, where `fallback` alone does not say it. */
  readonly fallbackText?: string;
  /** Its value is never shown. */
  readonly secret?: true;
  /** An id: no part of it is taken for a reference, a variable or a home folder. */
  readonly verbatim?: true;
  readonly about: string;
}

export function row<Value>(setting: Setting<Value>): Setting<Value> {
  return setting;
}

export const second = 1_000;
export const minute = 60 * second;
