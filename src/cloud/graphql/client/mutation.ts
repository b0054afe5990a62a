import { z } from "zod";
import type { Dialect } from "../dialect/dialect.ts";
import type { GraphqlDocument } from "./document.ts";

/** One mutation in Prefect's manner: one argument, `input`, whose type is named after the mutation. */
export interface Mutation<Row> {
  /** In Prefect 1.x; a dialect has a spelling of its own. */
  readonly name: string;
  /** Its fields by their names in 1.x. What is within them travels as it is. */
  readonly input: Readonly<Record<string, unknown>>;
  /** What the answer is to tell: `id`. */
  readonly select: string;
  readonly row: z.ZodType<Row>;
  /** What it does, for messages: `the creation of a project`. */
  readonly operation: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function mutationDocument(
  dialect: Dialect,
  { name, input, select, ...rest }: Mutation<unknown>,
): GraphqlDocument {
  const spelled = spelledInput(dialect, input);
  return {
    operation: rest.operation,
    query: `mutation($input: ${dialect.inputType(name)}!) { ${mutationField(dialect, name, "$input", select)} }`,
    variables: JSON.stringify({ input: spelled }),
    ...(rest.headers === undefined ? {} : { headers: rest.headers }),
  };
}

export const spelledInput = (dialect: Dialect, input: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(input).map(([key, value]) => [dialect.spell(key), value]));

/** The field of a document: `create_project(input: $input) { id }`. */
export function mutationField(dialect: Dialect, name: string, input: string, select: string): string {
  const under = dialect.rows[name];
  return `${dialect.spell(name)}(input: ${input}) { ${under === undefined ? select : `${under} { ${select} }`} }`;
}

/** The value of a mutation's field in an answer, from the shape of its row. */
export function mutationRow<Row>(dialect: Dialect, name: string, row: z.ZodType<Row>): z.ZodType<Row> {
  const under = dialect.rows[name];
  return under === undefined ? row : z.object({ [under]: row }).transform((value) => value[under] as Row);
}
