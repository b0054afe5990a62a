/**
 * Turns the first SIGINT or SIGTERM into an abort, so that the run can tell its story to the end; the second one ends
 * the process at once.
 *
 * The signal's reason is the name of what came (`"SIGTERM"`).
 *
 * @param grace - milliseconds after which the process is ended all the same, before somebody kills it; left out: never
 */
export function interruptSignal(grace?: number): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(exitCodeOf(name));
      if (grace !== undefined) setTimeout(() => process.exit(exitCodeOf(name)), grace).unref();
      controller.abort(name);
    });
  }
  return controller.signal;
}

/** The exit code of a command that ended because of the interruption. */
export const interruptedExitCode = (signal: AbortSignal): number =>
  exitCodeOf(signal.reason === "SIGINT" ? "SIGINT" : "SIGTERM");

/** Shells' convention: 128 and the signal's number. */
const exitCodeOf = (name: "SIGINT" | "SIGTERM"): number => (name === "SIGINT" ? 130 : 143);
