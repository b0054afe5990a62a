import { z } from "zod";

/** What the first line of a recording says that it is. */
export const formatName = "flow-runner conversation";
/** Raised when an older flow-runner could not read what is written. */
export const formatVersion = 1;

/** The first line of a recording. */
export const head = z.object({ format: z.literal(formatName), version: z.int().positive() });

const message = z.object({
  /** The header Content-Type; null: there was none. */
  contentType: z.string().nullable(),
  /** The value that the JSON stands for, or the text where it is no JSON; null: it was empty. */
  body: z.unknown(),
});

/**
 * A request and its answer: one line of a recording, after its first one, in the order in which answers came. No header
 * but the type of the body is kept, and secrets are `***`.
 *
 * The variables of a GraphQL operation, which clients of Prefect send as a JSON text, are kept as the object.
 *
 * @example
 * ```json
 * {"format":"flow-runner conversation","version":1}
 * {"method":"POST","path":"/","request":{"contentType":"application/json","body":{"query":"query { tenant { id } }","variables":null}},"response":{"status":200,"contentType":"application/json","body":{"data":{"tenant":[{"id":"7e12…"}]}}}}
 * ```
 */
export const exchange = z.object({
  method: z.string(),
  /** With its query, below the address of the API. */
  path: z.string(),
  request: message,
  response: message.extend({ status: z.int() }),
});
export type Exchange = z.infer<typeof exchange>;

/** A body as a recording keeps it. */
export function keptBody(text: string): unknown {
  if (text === "") return null;
  const value = parsed(text) ?? text;
  return Array.isArray(value) ? value.map(withPlainVariables) : withPlainVariables(value);
}

function withPlainVariables(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (!("query" in value && "variables" in value) || typeof value.variables !== "string") return value;
  return { ...value, variables: parsed(value.variables) ?? null };
}

/** Undefined: it is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
