import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { compiled, main } from "./binary.ts";

/** Starts `execute` on a run whose task prints "waiting", and resolves when it has; rejects when it has ended without. */
export async function executing(env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [main, "execute"], {
    env: { PATH: process.env.PATH, ...compiled, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    // Nothing outlives its test.
    timeout: 240_000,
    killSignal: "SIGKILL",
  });
  const err = text(child.stderr);
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const lines: string[] = [];
  const started = Promise.withResolvers<void>();
  createInterface(child.stdout).on("line", (line) => {
    lines.push(line);
    if (line.includes('"waiting"')) started.resolve();
  });
  void ended.then(async (exitCode) =>
    started.reject(
      new Error(`it has ended with ${exitCode} before its task waited: ${lines.join("\n")}\n${await err}`),
    ),
  );
  await started.promise;
  return { child, lines, ended, err };
}
