import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { main } from "./binary.ts";

export interface Served {
  readonly url: string;
  /** What it has written to stderr so far. */
  readonly err: () => string;
  stop(name: "SIGINT" | "SIGTERM" | "SIGKILL"): Promise<number | null>;
}

/** Starts `flow-runner api` and waits for the address that it prints. */
export async function serve(...words: string[]): Promise<Served> {
  const child = spawn(process.execPath, [main, "api", "--port", "0", ...words], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let err = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const line: IteratorResult<string> = await createInterface(child.stdout)[Symbol.asyncIterator]().next();
  if (line.done === true) throw new Error(`flow-runner api has no address: ${err}`);
  return {
    url: String(line.value),
    err: () => err,
    stop(name) {
      child.kill(name);
      return ended;
    },
  };
}
