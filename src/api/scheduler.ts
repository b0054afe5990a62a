import { messageOf } from "../errors/message-of.ts";

/** Milliseconds. Prefect Server looks every 150 seconds. */
const interval = 15_000;

/**
 * Calls `topUp` now and again; polls of agents do the same in between. A failure (the data file is locked, the disk is
 * full) is said on stderr, and made up for by the next call.
 *
 * @returns Ends it.
 */
export function startScheduler(topUp: () => void): () => void {
  const look = (): void => {
    try {
      topUp();
    } catch (error) {
      process.emitWarning(`Runs of schedules could not be created, which is tried again soon: ${messageOf(error)}`);
    }
  };
  look();
  const timer = setInterval(look, interval).unref();
  return () => clearInterval(timer);
}
