import type { LocationTemplate } from "../location/template.ts";
import type { StoreLimits } from "../stores/object-store.ts";
import type { Serializer } from "../values/serializer.ts";
import { type OptionRule, oneOf, positive, template } from "./option-rules.ts";

/** What the handlers that keep objects have in common. */
export interface ObjectOptions {
  /**
   * Where a result goes, in the handler's folder, bucket or container: a template (`{flow_name}/{task_full_name}.bin`)
   * or a function. Default: a new name for every result, of Prefect's shape.
   */
  readonly location?: LocationTemplate;
  /** `structured` (default; any structured-cloneable value), `json`, or a serializer of your own. */
  readonly serializer?: "structured" | "json" | Serializer;
  readonly compression?: "zstd";
  /** How often an operation is tried before it fails; default 5, with growing pauses (0.2 s to 10 s). */
  readonly attempts?: number;
  /** Milliseconds without an answer, or without a byte, that count as a failed attempt; default 30,000. */
  readonly timeout?: number;
  /** Reads and writes at once; default 16. Others wait. */
  readonly parallel?: number;
}

export const objectDefaults: StoreLimits & { readonly parallel: number } = {
  attempts: 5,
  timeout: 30_000,
  parallel: 16,
};

export const objectRules: Readonly<Record<keyof ObjectOptions, OptionRule>> = {
  location: template,
  serializer: {
    expected: '"structured", "json" or an object with name, serialize and deserialize',
    accepts: (value) => value === "structured" || value === "json" || isSerializer(value),
  },
  compression: oneOf("zstd"),
  attempts: positive,
  timeout: positive,
  parallel: positive,
};

function isSerializer(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { name, serialize, deserialize } = value as Partial<Record<keyof Serializer, unknown>>;
  const isName = typeof name === "string" && /^[\w.-]{1,64}$/.test(name) && name !== "json" && name !== "structured";
  return isName && typeof serialize === "function" && typeof deserialize === "function";
}
