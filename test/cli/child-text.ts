import type { ChildProcess } from "node:child_process";

/** What a child process writes, for a test that waits for a part of it. */
export function childText(child: ChildProcess) {
  let text = "";
  let isOver = false;
  const told = new EventTarget();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (piece: string) => {
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
    /** Resolves with the exit code. */
    ended,
    length: () => text.length,
    /** Resolves with what was written behind `from`, once `awaited` is in it; rejects when the process has ended without. */
    async until(awaited: RegExp | string, from = 0): Promise<string> {
      const isThere = (part: string) => (typeof awaited === "string" ? part.includes(awaited) : awaited.test(part));
      while (!isThere(text.slice(from))) {
        if (isOver) throw new Error(`it has ended without ${awaited}: ${text.slice(from)}`);
        await new Promise((resolve) => told.addEventListener("more", resolve, { once: true }));
      }
      return text.slice(from);
    },
  };
}
