import { Interruptions } from "./interruptions.ts";

const names = ["SIGINT", "SIGTERM"] as const;
type SignalName = (typeof names)[number];

/**
 * Turns the first SIGINT or SIGTERM into an abort, so that the run can tell its story to the end; the second one ends
 * the process at once, unless it is the same one, sent twice.
 *
 * The signal's reason is the name of what came (`"SIGTERM"`).
 *
 * @param grace - milliseconds after which the process is ended all the same, before somebody kills it; left out: never
 */
export function interruptSignal(grace?: number): AbortSignal {
  const controller = new AbortController();
  const interruptions = new Interruptions();
  for (const name of names) {
    process.on(name, () => {
      const asked = interruptions.take(name, performance.now());
      if (asked === "leave") process.exit(exitCodeOf(name));
      if (asked === "nothing") return;
      if (grace !== undefined) setTimeout(() => giveUp(name, grace), grace).unref();
      controller.abort(name);
    });
  }
  return controller.signal;
}

function giveUp(name: SignalName, grace: number): never {
  process.stderr.write(`flow-runner: ${name} was not heeded to the end within ${grace / 1_000} s; ended at once.\n`);
  process.exit(exitCodeOf(name));
}

/** The exit code of a command that ended because of the interruption. */
export const interruptedExitCode = (signal: AbortSignal): number =>
  exitCodeOf(signal.reason === "SIGINT" ? "SIGINT" : "SIGTERM");

/** Shells' convention: 128 and the signal's number. */
const exitCodeOf = (name: SignalName): number => (name === "SIGINT" ? 130 : 143);
