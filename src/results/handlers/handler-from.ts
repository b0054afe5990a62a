import type { ResultHandler } from "../../flow/result-handler.ts";
import type { HandlerDescription } from "../../state/index.ts";
import { JSONResultHandler } from "./json-handler.ts";
import { LocalResultHandler } from "./local-handler.ts";
import { SecretResultHandler } from "./secret-handler.ts";

type Make = (options: never) => ResultHandler;

const makers: Readonly<Record<string, Make>> = {
  JSONResultHandler: (options) => new JSONResultHandler(options),
  LocalResultHandler: (options) => new LocalResultHandler(options),
  SecretResultHandler: (options) => new SecretResultHandler(options),
};

/**
 * Rebuilds a built-in handler from its description: from a state, from the manifest, from the environment variable of
 * the default handler. Null for what only the flow's own code can rebuild: custom handlers and constants.
 *
 * A serializer of the flow's own is left out; what was written with it is refused on reading, by its name.
 *
 * @throws `RESULT_OPTION_INVALID` for a built-in handler with a wrong option
 */
export function handlerFrom(description: HandlerDescription): ResultHandler | null {
  const { type, serializer, ...rest } = description;
  const make = Object.hasOwn(makers, type) ? makers[type] : undefined;
  if (make === undefined) return null;
  const options = serializer === "json" || serializer === "structured" ? { ...rest, serializer } : rest;
  return make(options as never);
}
