/** Milliseconds in which a runner that got the signal too has said so. */
const untilSaid = 3_000;

/**
 * Ctrl-C, and whoever ends a whole group of processes, signals the host together with its runner, which decides what
 * becomes of the bodies and ends the host in time. A signal that the runner says nothing of was meant for the host alone,
 * and ends it as it would any process.
 *
 * @param isCancelled - whether the runner has asked for an end
 */
export function leaveSignalsToRunner(isCancelled: () => boolean): void {
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => {
      // From now on the next one ends it, unless the flow's code listens.
      setTimeout(() => {
        if (!isCancelled()) process.kill(process.pid, name);
      }, untilSaid);
    });
  }
}
