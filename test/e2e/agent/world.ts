import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { startApi } from "../../../src/api/index.ts";
import { openGraphqlApi } from "../../../src/cloud/graphql/open-graphql-api.ts";
import type { Api, FlowRunRequest } from "../../../src/cloud/index.ts";
import type { State } from "../../../src/state/index.ts";
import { flowRunner, main } from "../../cli/binary.ts";
import { freePort } from "../../results/servers.ts";

const errands = fileURLToPath(new URL("../fixtures/errands.ts", import.meta.url));

const runShape = z.object({
  state: z.string(),
  state_message: z.string().nullable(),
  states: z.array(z.object({ state: z.string() })),
  task_runs: z.array(
    z.object({
      id: z.string(),
      state: z.string(),
      version: z.number(),
      task: z.object({ slug: z.string() }),
      states: z.array(z.object({ state: z.string() })),
    }),
  ),
  logs: z.array(z.object({ level: z.string(), name: z.string().nullable(), message: z.string().nullable() })),
});
export type ToldRun = z.infer<typeof runShape> & {
  /** The states of a task run, in order. */
  types(slug: string): string[];
};

export interface AgentProcess {
  readonly pid: number;
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<{ readonly exitCode: number | null; readonly out: string; readonly err: string }>;
}

export type World = Awaited<ReturnType<typeof openWorld>>;

/** An API that can be restarted, the flows of `errands.ts` registered with it, and agents as the processes they are. */
export async function openWorld() {
  const folder = mkdtempSync(join(tmpdir(), "agents-"));
  const [log, gate, data] = ["bodies.log", "gate", "runs.db"].map((name) => join(folder, name));
  if (log === undefined || gate === undefined || data === undefined) throw new Error("no files");
  writeFileSync(log, "");
  let offset = 0;
  const now = () => Date.now() + offset;
  // It goes away and comes back: meanwhile its port is to stay its own.
  const port = await freePort();
  let server = await startApi({ data, now, port });
  const { url } = server;
  const api: Api = openGraphqlApi({ url, key: null, tenantId: null, env: {} });
  const agents: ChildProcess[] = [];
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    TMPDIR: folder,
    PREFECT__CLOUD__API: url,
    ERRANDS_LOG: log,
    ERRANDS_GATE: gate,
    // What is a minute in earnest is a second here.
    PREFECT__CLOUD__HEARTBEAT_INTERVAL: "0.2",
    PREFECT__CLOUD__CHECK_CANCELLATION_INTERVAL: "0.2",
    PREFECT__CLOUD__QUEUE_INTERVAL: "1",
    FLOW_RUNNER__TAKEOVER_AFTER: "2s",
  };

  const ask = async (query: string, variables: object): Promise<Record<string, unknown>> => {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query, variables }),
    });
    const { data: found, errors } = (await response.json()) as { data: Record<string, unknown>; errors?: unknown };
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return found;
  };

  return {
    url,
    api,
    folder,
    ask,
    async register(flow: string): Promise<string> {
      const words = ["register", errands, "--flow", flow, "--project", "demo", "--create-project"];
      const { out, err, exitCode } = await flowRunner(words, { env });
      if (exitCode !== 0) throw new Error(err);
      return out.trim();
    },
    createRun: (flowId: string, more: Partial<FlowRunRequest> = {}): Promise<string> =>
      api.createFlowRun({ flow: { id: flowId }, ...more }),
    agent(words: readonly string[] = [], more: NodeJS.ProcessEnv = {}): AgentProcess {
      const flags = ["agent", "--poll-interval", "300ms", "--log-level", "DEBUG", "--show-flow-logs", ...words];
      const child = spawn(process.execPath, [main, ...flags], {
        env: { ...env, ...more },
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
      });
      if (child.pid === undefined) throw new Error("the agent did not start");
      agents.push(child);
      const [out, err] = [text(child.stdout), text(child.stderr)];
      return {
        pid: child.pid,
        signal: (name) => child.kill(name),
        // Its runs may hold its output longer than it lives.
        ended: new Promise((resolve) => {
          child.on("exit", async (exitCode) => resolve({ exitCode, out: await out, err: await err }));
        }),
      };
    },
    /** One process for one run, without an agent. */
    execute: (flowRunId: string) =>
      flowRunner(["execute"], { env: { ...env, PREFECT__CONTEXT__FLOW_RUN_ID: flowRunId } }),
    async told(flowRunId: string): Promise<ToldRun> {
      const found = await ask(
        `query($id: uuid!) { flow_run_by_pk(id: $id) {
          state state_message states(order_by: { version: asc }) { state }
          task_runs { id state version task { slug } states(order_by: { version: asc }) { state } }
          logs { level name message }
        } }`,
        { id: flowRunId },
      );
      const run = z.object({ flow_run_by_pk: runShape }).parse(found).flow_run_by_pk;
      const types = (slug: string) =>
        run.task_runs.find(({ task }) => task.slug === slug)?.states.map(({ state }) => state) ?? [];
      return { ...run, types };
    },
    /** Sets a task run's state, as a person does on Prefect's pages. */
    async setTaskState(flowRunId: string, slug: string, state: object): Promise<void> {
      const { task_runs } = await this.told(flowRunId);
      const id = task_runs.find(({ task }) => task.slug === slug)?.id;
      const query = `mutation($input: set_task_run_states_input!) {
        set_task_run_states(input: $input) { states { id } }
      }`;
      await ask(query, { input: { states: [{ task_run_id: id, state }] } });
    },
    /** What began in a run, in order. */
    bodies: (flowRunId: string): string[] =>
      readFileSync(log, "utf8")
        .split("\n")
        .filter((line) => line.startsWith(flowRunId))
        .map((line) => line.slice(flowRunId.length + 1)),
    /** How many runs with a label may be Running at once. */
    async limitFlows(label: string, limit: number): Promise<void> {
      const query =
        "mutation($input: update_flow_label_limit_input!) { update_flow_label_limit(input: $input) { id } }";
      await ask(query, { input: { label, limit } });
    },
    /** Sets the API's clock so many milliseconds before (or after) that of the agents: its rules wait for minutes. */
    setClock: (milliseconds: number) => {
      offset = milliseconds;
    },
    openGate: () => writeFileSync(gate, ""),
    /** The API goes away for a while and comes back at the same address with what it held. */
    async restart(awayFor: number): Promise<void> {
      await server.close();
      await new Promise((resolve) => setTimeout(resolve, awayFor));
      server = await startApi({ data, now, port });
    },
    async close(): Promise<void> {
      writeFileSync(gate, "");
      for (const child of agents) child.kill("SIGKILL");
      api.close();
      await server.close();
      // Runs that an agent has left running still write into it.
      rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
    },
  };
}

/** Asks until it holds; fails with what it was asked last. */
export async function eventually<Value>(
  ask: () => Promise<Value>,
  holds: (value: Value) => boolean,
  within = 240_000,
): Promise<Value> {
  const end = Date.now() + within;
  for (;;) {
    const value = await ask();
    if (holds(value)) return value;
    if (Date.now() > end) throw new Error(`it never came to hold: ${JSON.stringify(value, null, 1)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export const isOver = ({ state }: { readonly state: State["type"] | string }): boolean =>
  ["Success", "Failed", "Cancelled"].includes(state);
