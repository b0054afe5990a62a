import { Writable } from "node:stream";

/**
 * Asks a question on the terminal and reads one line that the terminal does not show. The question goes to stderr, so that
 * stdout stays what the command says. Ctrl-C ends the process as it does everywhere; Ctrl-D alone is an empty line.
 */
export async function hiddenLine(question: string): Promise<string> {
  const { createInterface } = await import("node:readline");
  // As a terminal of its own, readline switches the echo off and draws what is typed itself: to here.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  // Only now: who is quick to answer must not see it.
  process.stderr.write(question);
  const line = await new Promise<string>((resolve) => {
    lines.once("line", resolve);
    lines.once("close", () => resolve(""));
    lines.once("SIGINT", () => {
      lines.close();
      process.kill(process.pid, "SIGINT");
    });
  });
  lines.close();
  process.stderr.write("\n");
  return line;
}
