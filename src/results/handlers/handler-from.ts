import type { ResultHandler } from "../../flow/result-handler.ts";
import type { HandlerDescription } from "../../state/index.ts";
import { JSONResultHandler } from "./json-handler.ts";
import { LocalResultHandler } from "./local-handler.ts";
import { AzureResultHandler } from "./object/azure-handler.ts";
import { GCSResultHandler } from "./object/gcs-handler.ts";
import { S3ResultHandler } from "./object/s3-handler.ts";
import { SecretResultHandler } from "./secret-handler.ts";

interface BuiltIn {
  make(options: never): ResultHandler;
  /** Prefect's names of options on the wire, and ours. */
  readonly names: Readonly<Record<string, string>>;
}

const builtIn: Readonly<Record<string, BuiltIn>> = {
  JSONResultHandler: { make: (options) => new JSONResultHandler(options), names: {} },
  LocalResultHandler: { make: (options) => new LocalResultHandler(options), names: {} },
  SecretResultHandler: { make: (options) => new SecretResultHandler(options), names: {} },
  S3ResultHandler: {
    make: (options) => new S3ResultHandler(options),
    names: { aws_credentials_secret: "credentialsSecret" },
  },
  GCSResultHandler: {
    make: (options) => new GCSResultHandler(options),
    names: { credentials_secret: "credentialsSecret" },
  },
  AzureResultHandler: {
    make: (options) => new AzureResultHandler(options),
    names: { azure_credentials_secret: "credentialsSecret", connection_string_secret: "connectionStringSecret" },
  },
};

/**
 * Rebuilds a built-in handler from its description: from a state, from the manifest, from the environment variable of
 * the default handler. Null for what only the flow's own code can rebuild: custom handlers and constants.
 *
 * A serializer of the flow's own is left out; what was written with it is refused on reading, by its name.
 *
 * @throws `RESULT_OPTION_INVALID` for a built-in handler with a wrong option
 *
 * @example
 * ```ts
 * handlerFrom({ type: "S3ResultHandler", bucket: "b", aws_credentials_secret: "AWS_CREDENTIALS" });
 * ```
 */
export function handlerFrom(description: HandlerDescription): ResultHandler | null {
  const { type, serializer, ...rest } = description;
  const known = Object.hasOwn(builtIn, type) ? builtIn[type] : undefined;
  if (known === undefined) return null;
  const options: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(rest)) {
    // Prefect writes null for an option that was not given, and its version beside every object.
    if (value !== null && name !== "__version__") options[known.names[name] ?? name] = value;
  }
  if (serializer === "json" || serializer === "structured") options.serializer = serializer;
  return known.make(options as never);
}
