/**
 * Turns the first SIGINT or SIGTERM into an abort, so that the run can tell its story to the end; the second one ends
 * the process at once.
 *
 * The signal's reason is the name of what came (`"SIGTERM"`).
 */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(exitCodeOf(name));
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
