import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { prefect3Env, prefect3Python } from "../../prefect-3/installed.ts";
import type { Column3 } from "./column.ts";

const answerSchema = z.union([
  z.object({ graphs: z.array(z.string()), themes: z.array(z.string()) }),
  z.object({ executed: z.string(), error: z.string().optional() }),
]);

/** Python's side, and what it has of the table. */
interface Python3 {
  readonly graphs: readonly string[];
  /** The folders that they are in. */
  readonly themes: readonly string[];
  readonly column: Column3;
}

/** A Python process in which real Prefect 3 executes one flow run after the other. */
export async function openPython3(url: string, folder: string): Promise<Python3> {
  const child = spawn(prefect3Python, [join(import.meta.dirname, "python/serve.py")], {
    env: {
      ...{ HOME: folder, PREFECT_HOME: folder, ...prefect3Env, PYTHONDONTWRITEBYTECODE: "1" },
      ...{ PREFECT_API_URL: url, PREFECT_LOGGING_LEVEL: "CRITICAL", PREFECT_LOGGING_TO_API_ENABLED: "false" },
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const closed = new Promise((resolve) => child.once("close", resolve));
  let errors = "";
  child.stderr.on("data", (chunk) => (errors = (errors + String(chunk)).slice(-20_000)));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (question: object | null) => {
    if (question !== null) child.stdin.write(`${JSON.stringify(question)}\n`);
    const { done, value } = await lines.next();
    if (done) throw new Error(`The process with Prefect has ended:\n${errors}`);
    return answerSchema.parse(JSON.parse(value));
  };

  const first = await ask(null);
  if (!("graphs" in first)) throw new Error("The process with Prefect has not told of its flows.");
  const column: Column3 = {
    atATime: 1,
    async execute(graph, flowRunId) {
      const told = await ask({ graph, execute: flowRunId });
      return !("error" in told);
    },
    async close() {
      child.stdin.end();
      await closed;
    },
  };
  return { ...first, column };
}
