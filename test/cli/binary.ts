import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { inject } from "vitest";

/** The binary, bundled from the sources when this test run began. */
export const main = inject("binary");

/** Where Node finds what it has compiled before: these tests start the binary hundreds of times. */
export const compiled = { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE };

export interface Ended {
  readonly out: string;
  readonly err: string;
  readonly exitCode: number | null;
}

export interface StartOptions {
  /** Beside PATH and a HOME that holds nothing; nothing of the test's own environment is passed on. */
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  readonly script?: string;
  readonly nodeFlags?: readonly string[];
  readonly cwd?: string;
}

/** Starts the binary and waits for its end. */
export async function flowRunner(words: readonly string[], options: StartOptions = {}): Promise<Ended> {
  const { env = {}, input = "", script = main, nodeFlags = [], cwd } = options;
  const child = spawn(process.execPath, [...nodeFlags, script, ...words], {
    env: { PATH: process.env.PATH, HOME: "/nonexistent", ...compiled, ...env },
    stdio: ["pipe", "pipe", "pipe"],
    // Nothing outlives its test, also when the command turns out not to end.
    timeout: 240_000,
    killSignal: "SIGKILL",
    ...(cwd === undefined ? {} : { cwd }),
  });
  const [out, err] = [text(child.stdout), text(child.stderr)];
  // A command that reads no input may have ended before this is written.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const exitCode = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { out: await out, err: await err, exitCode };
}
