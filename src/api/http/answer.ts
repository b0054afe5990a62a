import type { ServerResponse } from "node:http";

/** What goes back over HTTP. */
export interface Answer {
  readonly status: number;
  /** An object goes as JSON, a text as a page, or as what the headers say. */
  readonly body: object | string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Left out: at once, and whole. */
  readonly delivery?: Delivery;
}

/** How an answer goes on its way when it is without end, or when the API is to misbehave. */
export type Delivery =
  /** The body comes bit by bit from whoever begins it. */
  | { readonly kind: "events"; readonly begin: (response: ServerResponse) => void }
  | { readonly kind: "late"; readonly milliseconds: number }
  | { readonly kind: "drip"; readonly pieces: number; readonly milliseconds: number }
  /** The connection ends before the answer, or in the middle of it. */
  | { readonly kind: "none" | "half" }
  /** Nothing comes, and the connection stays open. */
  | { readonly kind: "hang" }
  /** The API goes down, and listens again so many milliseconds later. */
  | { readonly kind: "down"; readonly milliseconds: number };

/** An answer to a request of which nothing was executed, in GraphQL's form of an error. */
export function refused(status: number, code: string, message: string): Answer {
  return { status, body: { errors: [{ message, extensions: { code } }] } };
}
