import { z } from "zod";

const errorSchema = z.object({
  message: z.string().catch("an error without a message"),
  path: z.array(z.union([z.string(), z.number()])).nullish(),
  extensions: z.looseObject({ code: z.string().optional().catch(undefined) }).nullish(),
});
export type GraphqlError = z.infer<typeof errorSchema>;

const answerSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(errorSchema).nullish(),
});

/** Both may be there at once: one alias of a document can fail while the others are done. */
export interface GraphqlAnswer {
  readonly data: Readonly<Record<string, unknown>>;
  readonly errors: readonly GraphqlError[];
}

/** A string is a sentence: why this is no answer of a GraphQL API. */
export function parseAnswer(body: string): GraphqlAnswer | string {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return "it is no JSON";
  }
  const parsed = answerSchema.safeParse(json);
  if (!parsed.success) return z.prettifyError(parsed.error);
  const { data, errors } = parsed.data;
  if (data == null && (errors == null || errors.length === 0)) return "it has neither data nor errors";
  return { data: data ?? {}, errors: errors ?? [] };
}

/** What the errors say, each once. */
export const problemOf = (errors: readonly GraphqlError[]): string =>
  [...new Set(errors.map(({ message }) => message.trim().replace(/\.$/, "")))].slice(0, 3).join("; ");

/** The key is wrong or missing. Prefect 1.x's servers say so in either way. */
export const authorizationError = (errors: readonly GraphqlError[]): GraphqlError | undefined =>
  errors.find(
    ({ message, extensions }) =>
      extensions?.code === "UNAUTHENTICATED" || /UNAUTHENTICATED|Malformed Authorization header/.test(message),
  );

/** Prefect 1.x: the API itself is in trouble, and the same request may succeed a moment later. */
export const isApiError = (errors: readonly GraphqlError[]): boolean =>
  errors.some(({ message, extensions }) => extensions?.code === "API_ERROR" || message.includes("API_ERROR"));
