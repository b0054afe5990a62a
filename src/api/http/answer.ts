/** What goes back over HTTP; the body is JSON. */
export interface Answer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer to a request of which nothing was executed, in GraphQL's form of an error. */
export function refused(status: number, code: string, message: string): Answer {
  return { status, body: { errors: [{ message, extensions: { code } }] } };
}
