import { spawn } from "node:child_process";

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
  let shown = "";
  let isOver = false;
  const told = new EventTarget();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    shown += text;
    told.dispatchEvent(new Event("more"));
  });
  const ended = new Promise<void>((resolve) => {
    child.on("close", () => {
      isOver = true;
      told.dispatchEvent(new Event("more"));
      resolve();
    });
  });
  return {
    /**
     * Presses keys; resolves with what is shown from then on, once that is in it. A Tab at the end is pressed once more
     * after a minute, as a person does: one that has waited for an API for two seconds offers nothing.
     */
    async press(keys: string, awaited: string): Promise<string> {
      const before = shown.length;
      child.stdin.write(keys);
      const again = setTimeout(() => keys.endsWith("\t") && child.stdin.write("\t"), 60_000);
      try {
        while (!shown.slice(before).includes(awaited)) {
          if (isOver) throw new Error(`bash has ended without ${awaited}: ${shown.slice(before)}`);
          await new Promise((resolve) => told.addEventListener("more", resolve, { once: true }));
        }
      } finally {
        clearTimeout(again);
      }
      return shown.slice(before);
    },
    async close(): Promise<void> {
      child.stdin.end("\u0015exit\n");
      await ended;
    },
  };
}
