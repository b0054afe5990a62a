import { spawn } from "node:child_process";
import { compiled, main } from "../binary.ts";
import { childText } from "../child-text.ts";

/** Starts a command that goes on until somebody ends it. */
export function started(words: readonly string[], { env, cwd }: { env: NodeJS.ProcessEnv; cwd: string }) {
  const child = spawn(process.execPath, [main, ...words], {
    env: { PATH: process.env.PATH, ...compiled, ...env },
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    // Nothing outlives its test.
    timeout: 240_000,
    killSignal: "SIGKILL",
  });
  const { ended, until } = childText(child);
  /** Resolves with what it has printed once a pattern is in it; rejects when it has ended without. */
  return { child, ended, printed: (pattern: RegExp): Promise<string> => until(pattern) };
}
