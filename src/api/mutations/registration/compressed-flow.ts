import { Refusal } from "../../rules/refusal.ts";

/** A flow of 100,000 tasks has some 50 MB; what unfolds to more than this is an accident, or an attack. */
const maxBytes = 256 * 1024 * 1024;

/**
 * Prefect 1.x: a flow's JSON travels as base64 of its gzip.
 *
 * @throws Refusal
 */
export function decompress(text: string): unknown {
  const { gunzipSync } = process.getBuiltinModule("node:zlib");
  try {
    return JSON.parse(gunzipSync(Buffer.from(text, "base64"), { maxOutputLength: maxBytes }).toString("utf8"));
  } catch (error) {
    throw new Refusal("Unable to decompress serialized flow", "INTERNAL_SERVER_ERROR", { cause: error });
  }
}
