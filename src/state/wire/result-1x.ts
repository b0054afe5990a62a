import type { StoredResult } from "../state.ts";
import { customNamed, type HandlerNamings, handlerNamed, namedHandler } from "./handler-naming.ts";

/** `_result` of a state: where a value lies, and the class that can read it. */
export type WireResult = Readonly<Record<string, unknown>>;

/** Our handlers by Prefect 1.x's Result classes. */
const namings: HandlerNamings = {
  JSONResultHandler: { wire: "PrefectResult", attributes: [] },
  LocalResultHandler: { wire: "LocalResult", attributes: ["dir"] },
  S3ResultHandler: { wire: "S3Result", attributes: ["bucket"] },
  GCSResultHandler: { wire: "GCSResult", attributes: ["bucket"] },
  AzureResultHandler: { wire: "AzureResult", attributes: ["container"] },
  ConstantResultHandler: { wire: "ConstantResult", attributes: [] },
  SecretResultHandler: { wire: "SecretResult", attributes: ["secret_type"] },
};
const custom = "CustomResult";

export function toResult1x({ handler, location }: StoredResult): WireResult {
  return { ...(namedHandler(namings, handler) ?? customNamed(custom, handler)), location };
}

/** Null when nothing was persisted. */
export function fromResult1x(wire: WireResult): StoredResult | null {
  if (typeof wire.type !== "string" || typeof wire.location !== "string") return null;
  return { handler: handlerNamed(namings, wire, custom), location: wire.location };
}
