import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import type { Column } from "./column.ts";

const answerSchema = z.union([
  z.object({ flows: z.record(z.string(), z.string()) }),
  z.object({ executed: z.string(), error: z.string().optional() }),
]);

/** A Python process in which real Prefect has registered the table, and executes one run after the other. */
export async function openPrefect(venv: string, apiUrl: string, folder: string): Promise<Column> {
  const child = spawn(
    join(venv, "bin/python"),
    [join(import.meta.dirname, "../python/serve.py"), join(folder, "flows")],
    {
      env: {
        ...{ HOME: folder, PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: "1", CONFORMANCE_FOLDER: folder },
        ...{ PREFECT__BACKEND: "cloud", PREFECT__CLOUD__API: apiUrl, PREFECT__CLOUD__API_KEY: "any" },
        ...{ PREFECT__CLOUD__USE_LOCAL_SECRETS: "false", PREFECT__CLOUD__SEND_FLOW_RUN_LOGS: "false" },
        // The heartbeat is judged elsewhere; as a process of its own it would cost more than the runs.
        ...{ PREFECT__CLOUD__HEARTBEAT_MODE: "off", PREFECT__LOGGING__LEVEL: "CRITICAL" },
        PREFECT__ENGINE__FLOW_RUNNER__DEFAULT_CLASS: "prefect.engine.cloud.CloudFlowRunner",
        PREFECT__ENGINE__TASK_RUNNER__DEFAULT_CLASS: "prefect.engine.cloud.CloudTaskRunner",
      },
      stdio: ["pipe", "pipe", "pipe"],
    },
  );
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
  if (!("flows" in first)) throw new Error("The process with Prefect has not registered the table.");
  return {
    flows: new Map(Object.entries(first.flows)),
    atATime: 1,
    async execute(flowRunId) {
      const told = await ask({ execute: flowRunId });
      if ("error" in told && told.error !== undefined) throw new Error(told.error);
    },
    async close() {
      child.stdin.end();
      await closed;
    },
  };
}
