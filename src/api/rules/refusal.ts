/** The codes that clients act on; all else is INTERNAL_SERVER_ERROR, as Apollo 2 has it. */
export type RefusalCode = "VERSION_LOCKING_ERROR" | "UNAUTHENTICATED" | "BAD_USER_INPUT" | "INTERNAL_SERVER_ERROR";

/**
 * The API says no to one field of a request, which becomes null; the message goes to the client. Any other error
 * that a resolver throws is a fault of ours, and undoes the whole request.
 */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: RefusalCode;

  constructor(message: string, code: RefusalCode = "INTERNAL_SERVER_ERROR", options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
