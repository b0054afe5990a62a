import { createHash } from "node:crypto";
import { serialize } from "node:v8";

/**
 * A hash of an input, by which a cached result is recognised. Objects with the same entries in another order are the
 * same input; what cannot be cloned (a function) throws.
 */
export function hashInput(value: unknown): string {
  return createHash("sha256")
    .update(serialize(inOrder(value)))
    .digest("hex");
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (value === null || typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, inOrder(entry)]),
  );
}
