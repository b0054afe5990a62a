import { spawn } from "node:child_process";
import { compiled, main } from "../binary.ts";

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
  let text = "";
  let isOver = false;
  const told = new EventTarget();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
      told.dispatchEvent(new Event("more"));
    });
  }
  const ended = new Promise<number | null>((resolve) => {
    child.on("close", (exitCode) => {
      isOver = true;
      told.dispatchEvent(new Event("more"));
      resolve(exitCode);
    });
  });
  return {
    child,
    ended,
    /** Resolves with what it has printed once a pattern is in it; rejects when it has ended without. */
    async printed(pattern: RegExp): Promise<string> {
      while (!pattern.test(text)) {
        if (isOver) throw new Error(`it has ended without ${pattern}: ${text}`);
        await new Promise((resolve) => told.addEventListener("more", resolve, { once: true }));
      }
      return text;
    },
  };
}
