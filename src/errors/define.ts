/** What a process says by its exit code. The README has the same table for users. */
export const ExitCode = {
  /** The story was told: the API holds the run's true final state, or the run was handed back. */
  ok: 0,
  /** `run`: the flow failed. Elsewhere: something that no other code names. */
  failed: 1,
  /** A wrong flag, environment variable, parameter, id or other input of the user's. */
  usage: 2,
  /** The flow cannot be loaded, saved or built. */
  flow: 3,
  /** The API cannot be reached, or refuses us. */
  api: 4,
  /** The run is over, but states could not be delivered; they are kept on disk. */
  undelivered: 5,
} as const;

export type ExitName = keyof typeof ExitCode;

/** One row of the error table: how the process ends, and the sentence(s) a user reads. */
export interface ErrorRow<Details> {
  readonly exit: ExitName;
  /** Says what happened, to what, and what to do next. */
  readonly message: (details: Details) => string;
}

/** Declares one row; `Details` types what a thrower must tell. */
export function row<Details = Record<never, never>>(
  exit: ExitName,
  message: (details: Details) => string,
): ErrorRow<Details> {
  return { exit, message };
}
