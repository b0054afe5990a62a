import type { StoredResult } from "../state.ts";
import { customNamed, type HandlerNamings, handlerNamed, isRecord, namedHandler } from "./handler-naming.ts";
import type { WireResult } from "./result-1x.ts";

/** Prefect 0.7's result handlers have our names. It has no class for constants. */
const namings: HandlerNamings = {
  ResultHandler: { wire: "ResultHandler", attributes: [] },
  JSONResultHandler: { wire: "JSONResultHandler", attributes: [] },
  LocalResultHandler: { wire: "LocalResultHandler", attributes: ["dir"] },
  S3ResultHandler: { wire: "S3ResultHandler", attributes: ["bucket", "aws_credentials_secret"] },
  GCSResultHandler: { wire: "GCSResultHandler", attributes: ["bucket", "credentials_secret"] },
  AzureResultHandler: { wire: "AzureResultHandler", attributes: ["container", "azure_credentials_secret"] },
  SecretResultHandler: { wire: "SecretResultHandler", attributes: ["name"] },
};
const custom = "CustomResultHandler";

/** `SafeResult`: what the handler gave for the value it wrote, and the handler itself. */
export const toResult07 = ({ handler, location }: StoredResult): WireResult => ({
  type: "SafeResult",
  value: location,
  result_handler: namedHandler(namings, handler) ?? customNamed(custom, handler),
});

/** Null when nothing was persisted. */
export function fromResult07({ value, result_handler: handler }: WireResult): StoredResult | null {
  if (typeof value !== "string" || !isRecord(handler)) return null;
  return { handler: handlerNamed(namings, handler, custom), location: value };
}
