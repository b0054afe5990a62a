import { z } from "zod";
import { type ErrorCode, errorTable, FlowRunnerError } from "../../errors/index.ts";
import { messageOf } from "../../errors/message-of.ts";

/** An error as it crosses a channel: one of ours can be told apart by its code on the other side too. */
export const toldErrorSchema = z.object({
  /** Null: it is none of ours. */
  code: z.string().nullable(),
  message: z.string(),
  details: z.record(z.string(), z.unknown()),
});
export type ToldError = z.infer<typeof toldErrorSchema>;

export function tellError(error: unknown): ToldError {
  if (!(error instanceof FlowRunnerError)) return { code: null, message: messageOf(error), details: {} };
  return { code: error.code, message: error.message, details: JSON.parse(JSON.stringify(error.details)) };
}

/** The error again, under its own code. */
export function toldError({ code, message, details }: ToldError): Error {
  if (code === null || !(code in errorTable)) return new Error(message);
  return new FlowRunnerError(code as ErrorCode, details as never);
}
