import { FlowRunnerError } from "../../errors/index.ts";
import type { Api } from "../port/api.ts";
import { submitBatch } from "./batch/submit.ts";
import type { GraphqlClient } from "./client/graphql-client.ts";
import { createProject, projectByName } from "./registration/projects.ts";
import { flowByName, flowNames } from "./registration/registered-flows.ts";
import { registerFlow } from "./registration/registration.ts";
import { runnableFlow } from "./registration/runnable-flow.ts";
import { fetchCachedStates } from "./run/cached-states.ts";
import { cancelFlowRun } from "./run/cancel-flow-run.ts";
import { fetchChildren } from "./run/children.ts";
import { createFlowRun } from "./run/create-flow-run.ts";
import { fetchFlowRunInfo } from "./run/flow-run-info.ts";
import { sendHeartbeat } from "./run/heartbeat.ts";
import { askInFull, heldFlowState, heldTaskStates } from "./run/held-states.ts";
import { LogWriter } from "./run/logs.ts";
import { deleteSecret, secretNames, secretValue, setSecret } from "./secrets.ts";

export interface GraphqlApiOptions {
  readonly tenantId: string | null;
  /** Milliseconds after which a state that a concurrency limit held back is tried again. */
  readonly queueInterval: number;
  readonly close: () => void;
}

/** The port over GraphQL, in the dialect that its client speaks. */
export function graphqlApi(client: GraphqlClient, { tenantId, queueInterval, close }: GraphqlApiOptions): Api {
  const logs = new LogWriter(client);
  return {
    address: client.address,
    flowRunInfo: (flowRunId, options) => fetchFlowRunInfo(client, flowRunId, options),
    taskRunsOf: ({ taskRuns }, graph) => {
      const known = new Set(taskRuns.map(({ slug }) => slug));
      const missing = graph.tasks.map(({ slug }) => slug).filter((slug) => !known.has(slug));
      if (missing.length > 0) throw new FlowRunnerError("TASKS_DIFFER", { flow: graph.name, missing });
      return taskRuns;
    },
    flowRunState: async (flowRunId, options = {}) => {
      const held = await heldFlowState(askInFull(client, options), flowRunId);
      if (held === null) throw new FlowRunnerError("FLOW_RUN_NOT_FOUND", { id: flowRunId, url: client.address });
      return held;
    },
    taskRunStates: (taskRunIds, options = {}) => heldTaskStates(askInFull(client, options), taskRunIds),
    taskRunChildren: (query, options) => fetchChildren(client, query, options),
    cachedStates: (queries, options) => fetchCachedStates(client, queries, options),
    submit: (batch, options = {}) => submitBatch(client, batch, { ...options, queueInterval }),
    heartbeat: (flowRunId, options) => sendHeartbeat(client, flowRunId, options),
    writeLogs: (flowRunId, records, options) => logs.write(flowRunId, records, options),
    secretValue: (name, options) => secretValue(client, name, options),
    setSecret: (name, value) => setSecret(client, name, value),
    deleteSecret: (name) => deleteSecret(client, name),
    secretNames: () => secretNames(client),
    projectByName: (name) => projectByName(client, name),
    createProject: (name, description) => createProject(client, name, description, tenantId),
    registerFlow: (registration) => registerFlow(client, registration),
    runnableFlow: (flow) => runnableFlow(client, flow),
    flowNames: (project) => flowNames(client, project),
    flowByName: (query) => flowByName(client, query),
    createFlowRun: (request) => createFlowRun(client, request),
    cancelFlowRun: (flowRunId) => cancelFlowRun(client, flowRunId, queueInterval),
    close,
  };
}
