import type { GraphqlAnswer } from "./graphql-answer.ts";

/** What a GraphQL server says of a field that it does not have: Hasura, graphql-js, graphql-core. */
const unknownField = /cannot query field|not found in type|unknown field|no field/i;

/** Whether an answer refuses a document because the API does not have a field of that name. */
export const isUnknown = ({ errors }: GraphqlAnswer, name: string): boolean =>
  errors.some(({ message }) => unknownField.test(message) && new RegExp(`\\b${name}\\b`).test(message));

/** Columns that an API may have or not: which ones it has turned out to lack. */
export class KnownColumns {
  readonly #uncertain: readonly string[];
  readonly #lacking = new Set<string>();

  constructor(uncertain: readonly string[]) {
    this.#uncertain = uncertain;
  }

  /** Of `id heartbeat`, those that the API has. */
  only(columns: string): string {
    return columns
      .split(" ")
      .filter((column) => !this.#lacking.has(column))
      .join(" ");
  }

  /** Whether the answer told that a column is not there, so that the same question without it is worth a try. */
  learn(answer: GraphqlAnswer): boolean {
    const news = this.#uncertain.filter((column) => !this.#lacking.has(column) && isUnknown(answer, column));
    for (const column of news) this.#lacking.add(column);
    return news.length > 0;
  }
}
