/** A GraphQL request. */
export interface GraphqlDocument {
  /** What it does, for messages: `the heartbeat`. */
  readonly operation: string;
  readonly query: string;
  /** A JSON object, already written. */
  readonly variables?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
