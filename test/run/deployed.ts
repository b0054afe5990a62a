import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { startApi } from "../../src/api/index.ts";
import { saveArtifact } from "../../src/artifact/index.ts";
import { parseRunnerEnvironment } from "../../src/config/index.ts";
import type { LogRecord } from "../../src/engine/index.ts";
import type { FlowGraph } from "../../src/graph/index.ts";
import { describeArtifact } from "../../src/run/describe.ts";
import { executeFlowRun } from "../../src/run/execute/execute.ts";
import { createRun } from "../../src/run/register/create-run.ts";
import { registerStored } from "../../src/run/register/register.ts";

const runShape = z.object({
  state: z.string(),
  serialized_state: z.looseObject({ message: z.string().nullable() }),
  states: z.array(z.object({ state: z.string(), message: z.string().nullable() })),
  task_runs: z.array(
    z.object({
      id: z.string(),
      map_index: z.number(),
      state: z.string().nullable(),
      task: z.object({ slug: z.string() }),
      serialized_state: z.looseObject({ message: z.string().nullable().optional() }),
      states: z.array(z.object({ state: z.string() })),
    }),
  ),
  logs: z.array(z.object({ message: z.string().nullable(), name: z.string().nullable() })),
});

/** A flow run as the API tells it. */
export interface ToldRun extends z.infer<typeof runShape> {
  /** The states that one task run went through: `square-1[2]`. */
  types(label: string): string[];
}

const question = `query($id: uuid!) { flow_run_by_pk(id: $id) {
  state serialized_state
  states(order_by: {timestamp: asc}) { state message }
  task_runs { id map_index state serialized_state task { slug } states(order_by: {timestamp: asc}) { state } }
  logs { message name }
} }`;

interface ExecuteHooks {
  readonly signal?: AbortSignal;
  readonly onLog?: (record: LogRecord) => void;
  /** Beside what an agent gives. */
  readonly env?: NodeJS.ProcessEnv;
}

export type Deployed = Awaited<ReturnType<typeof deploy>>;

/** A saved artifact, an API to register its flows with, and what an agent does with a run of them. */
export async function deploy(file: string) {
  const folder = mkdtempSync(join(tmpdir(), "deployed-"));
  const api = await startApi({});
  const access = { apiUrl: api.url, apiKey: null, tenantId: null, dialect: "1.x" } as const;
  const { path, digest } = await saveArtifact({ flows: file, output: join(folder, "jobs.prefect") });

  const send = async (query: string, variables: object): Promise<unknown> => {
    const response = await fetch(api.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query, variables: JSON.stringify(variables) }),
    });
    const { data, errors } = z
      .object({ data: z.record(z.string(), z.unknown()).nullish(), errors: z.array(z.unknown()).optional() })
      .parse(await response.json());
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data;
  };

  const described = describeArtifact(path);
  const graph = async (name: string): Promise<FlowGraph> => {
    const found = (await described).flows.find((each) => each.name === name);
    if (found === undefined) throw new Error(`${path} has no flow ${name}`);
    return found;
  };

  /** What an agent gives to a container. */
  const agentEnv = (flowRunId: string): NodeJS.ProcessEnv => ({
    PREFECT__CLOUD__API: api.url,
    PREFECT__CONTEXT__FLOW_RUN_ID: flowRunId,
    PREFECT__CLOUD__CHECK_CANCELLATION_INTERVAL: "0.05",
    FLOW_RUNNER__TAKEOVER_AFTER: "1ms",
    PREFECT__HOME_DIR: folder,
    HOME: folder,
  });

  return {
    setFaults: api.setFaults,
    agentEnv,
    async close() {
      await api.close();
      rmSync(folder, { recursive: true, force: true });
    },
    graph,
    /** Registers a flow, as its artifact or another graph describes it, and creates a run of it. */
    async run(name: string, parameters: Record<string, unknown> = {}, registered?: FlowGraph) {
      const project = { project: "test", createProject: true };
      const form = registered ?? (await graph(name));
      const { flowId } = await registerStored(form, { name, path, digest }, access, project);
      return createRun(flowId, access, { project: null, parameters });
    },
    /** Executes a run as an agent's container does: from the environment alone. */
    execute(flowRunId: string, hooks: ExecuteHooks = {}) {
      const config = parseRunnerEnvironment({ ...agentEnv(flowRunId), ...hooks.env });
      return executeFlowRun(config, {
        observer: hooks.onLog === undefined ? {} : { onLog: hooks.onLog },
        signal: hooks.signal ?? new AbortController().signal,
      });
    },
    send,
    /** Sets the state of a task run, as a person does on Prefect's pages. */
    async setTaskState(flowRunId: string, slug: string, state: object): Promise<void> {
      const { task_runs } = await this.told(flowRunId);
      const id = task_runs.find(({ task }) => task.slug === slug)?.id;
      const field = "set_task_run_states(input: $input) { states { id } }";
      await send(`mutation($input: set_task_run_states_input!) { ${field} }`, {
        input: { states: [{ task_run_id: id, state }] },
      });
    },
    cancel: (flowRunId: string) =>
      send("mutation($id: UUID!) { cancel_flow_run(input: { flow_run_id: $id }) { state } }", { id: flowRunId }),
    async told(flowRunId: string): Promise<ToldRun> {
      const data = z.object({ flow_run_by_pk: runShape }).parse(await send(question, { id: flowRunId }));
      const run = data.flow_run_by_pk;
      const label = ({ task, map_index: index }: ToldRun["task_runs"][number]): string =>
        index < 0 ? task.slug : `${task.slug}[${index}]`;
      return {
        ...run,
        types: (wanted) => run.task_runs.find((each) => label(each) === wanted)?.states.map(({ state }) => state) ?? [],
      };
    },
  };
}
