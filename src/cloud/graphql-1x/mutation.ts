import type { GraphqlDocument } from "./graphql-client.ts";

/** A document with one mutation in Prefect's manner: one argument, `input`, whose type is named after the field. */
export function mutation(field: string, input: unknown, selection: string, operation: string): GraphqlDocument {
  return {
    operation,
    query: `mutation($input: ${field}_input!) { ${field}(input: $input) ${selection} }`,
    variables: JSON.stringify({ input }),
  };
}
