import { spawn } from "node:child_process";
import { childText } from "../child-text.ts";

/** Of util-linux: runs a command on a pseudo-terminal. */
const terminal = "script";

/** bash as a person has it, on a pseudo-terminal and without anybody's settings. */
export function interactiveBash({ env, cwd }: { env: NodeJS.ProcessEnv; cwd: string }) {
  const child = spawn(terminal, ["-qfc", "stty rows 50 cols 500; exec bash --norc --noprofile -i", "/dev/null"], {
    env: { TERM: "dumb", SHELL: "/bin/sh", PS1: "$ ", ...env },
    cwd,
    stdio: ["pipe", "pipe", "inherit"],
    // Nothing outlives its test.
    timeout: 240_000,
    killSignal: "SIGKILL",
  });
  const shown = childText(child);
  return {
    /**
     * Presses keys; resolves with what is shown from then on, once that is in it. A Tab at the end is pressed once more
     * after a minute, as a person does: one that has waited for an API for two seconds offers nothing.
     */
    press(keys: string, awaited: string): Promise<string> {
      const before = shown.length();
      child.stdin.write(keys);
      const again = setTimeout(() => keys.endsWith("\t") && child.stdin.write("\t"), 60_000);
      return shown.until(awaited, before).finally(() => clearTimeout(again));
    },
    async close(): Promise<void> {
      child.stdin.end("\u0015exit\n");
      await shown.ended;
    },
  };
}
