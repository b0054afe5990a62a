import { type DocumentNode, GraphQLError, type GraphQLSchema, parse, specifiedRules, validate } from "graphql";
import { BoundedCache } from "../database/bounded-cache.ts";
import { depthLimit } from "../schema/depth-limit.ts";

/** A document that may be executed, or why it may not. */
export type CheckedDocument =
  | { readonly document: DocumentNode }
  | { readonly invalid: readonly GraphQLError[]; readonly code: "GRAPHQL_PARSE_FAILED" | "GRAPHQL_VALIDATION_FAILED" };

const limits = { entries: 500, weight: 8_000_000, weigh: (text: string): number => text.length };

/**
 * Parses and validates documents. Those that are right are remembered by their text: a runner sends the same few
 * again and again, and validating 200 fields takes longer than executing them.
 */
export class Documents {
  readonly schema: GraphQLSchema;
  readonly #checked = new BoundedCache<string, CheckedDocument>(limits);

  constructor(schema: GraphQLSchema) {
    this.schema = schema;
  }

  check(text: string): CheckedDocument {
    const known = this.#checked.get(text);
    if (known !== undefined) return known;
    try {
      const document = parse(text);
      const invalid = validate(this.schema, document, [...specifiedRules, depthLimit]);
      if (invalid.length > 0) return { invalid, code: "GRAPHQL_VALIDATION_FAILED" };
      return this.#checked.set(text, { document });
    } catch (error) {
      // A RangeError: it nests so deep that reading it took the whole stack.
      const invalid = error instanceof GraphQLError ? error : new GraphQLError(`The document cannot be read: ${error}`);
      return { invalid: [invalid], code: "GRAPHQL_PARSE_FAILED" };
    }
  }
}
