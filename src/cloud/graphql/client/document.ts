/** A GraphQL request. */
export interface GraphqlDocument {
  /** What it does, for messages: `the heartbeat`. */
  readonly operation: string;
  /** The document, or what it is with those of its columns that the API has. */
  readonly query: string | ((known: (columns: string) => string) => string);
  /** A JSON object, already written. */
  readonly variables?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
