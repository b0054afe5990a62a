import { describeFailure } from "./failure.ts";

/** How long the end waits for somebody to read what was written. */
const flushMs = 2_000;

/**
 * Runs a command and ends the process with its exit code.
 *
 * The process is ended, not left to drain: a socket or timer that somebody forgot must not keep a container alive
 * (Prefect 0.7 could hang here). What was written is flushed first.
 */
export async function endWith(command: () => Promise<number>): Promise<never> {
  quietPipes();
  let exitCode: number;
  try {
    exitCode = await command();
  } catch (error) {
    const failure = describeFailure(error);
    exitCode = failure.exitCode;
    process.stderr.write(`flow-runner: ${failure.text}\n`);
  }
  await Promise.race([Promise.all([flushed(process.stdout), flushed(process.stderr)]), timer(flushMs)]);
  process.exit(exitCode);
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
