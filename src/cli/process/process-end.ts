import { describeFailure, failureJson } from "./failure.ts";

/** How long the end waits for somebody to read what was written. */
const flushMs = 2_000;

/**
 * Runs a command and ends the process with its exit code.
 *
 * The process is ended, not left to drain: a socket or timer that somebody forgot must not keep a container alive
 * (Prefect 0.7 could hang here). What was written is flushed first.
 *
 * @param json - an error is said as JSON
 */
export async function endWith(command: () => Promise<number>, { json }: { readonly json: boolean }): Promise<never> {
  quietPipes();
  // An error that escapes from an event handler reaches nobody's catch.
  process.on("uncaughtException", (error) => process.exit(tell(error, json)));
  let exitCode: number;
  try {
    exitCode = await command();
  } catch (error) {
    exitCode = tell(error, json);
  }
  await Promise.race([Promise.all([flushed(process.stdout), flushed(process.stderr)]), timer(flushMs)]);
  process.exit(exitCode);
}

/** Writes an error's last words; gives the exit code. */
function tell(error: unknown, json: boolean): number {
  const failure = describeFailure(error);
  process.stderr.write(json ? `${failureJson(failure)}\n` : `flow-runner: ${failure.text}\n`);
  return failure.exitCode;
}

/** `flow-runner inspect FILE | head -1`: the reader has gone, which is no mistake of anybody's. */
function quietPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}

const flushed = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => {
    if (stream.destroyed || !stream.writable) resolve();
    else stream.write("", () => resolve());
  });

const timer = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
