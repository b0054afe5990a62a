import { z } from "zod";
import { FlowRunnerError } from "../../errors/index.ts";
import type { Api } from "../api.ts";
import { submitBatch } from "./batch/submit.ts";
import { fetchFlowRunInfo } from "./flow-run-info.ts";
import { cancelFlowRun, createFlowRun, fetchCachedStates, fetchChildren } from "./flow-runs.ts";
import type { GraphqlClient } from "./graphql-client.ts";
import { askInFull, heldFlowState, heldTaskStates } from "./held-states.ts";
import { writeLogs } from "./logs.ts";
import { createProject, projectByName } from "./projects.ts";
import { flowByName, registerFlow } from "./registration.ts";
import { deleteSecret, secretNames, secretValue, setSecret } from "./secrets.ts";

const beaten = z.object({ update_flow_run_heartbeat: z.unknown() });

export interface Graphql1xOptions {
  readonly tenantId: string | null;
  /** Milliseconds after which a state that a concurrency limit held back is tried again. */
  readonly queueInterval: number;
  readonly close: () => void;
}

/** The port in Prefect 1.x's dialect: GraphQL with names in snake_case. */
export function graphql1xApi(client: GraphqlClient, { tenantId, queueInterval, close }: Graphql1xOptions): Api {
  return {
    address: client.address,
    flowRunInfo: (flowRunId, options) => fetchFlowRunInfo(client, flowRunId, options),
    flowRunState: async (flowRunId, options = {}) => {
      const held = await heldFlowState(askInFull(client, options), flowRunId);
      if (held === null) throw new FlowRunnerError("FLOW_RUN_NOT_FOUND", { id: flowRunId, url: client.address });
      return held;
    },
    taskRunStates: (taskRunIds, options = {}) => heldTaskStates(askInFull(client, options), taskRunIds),
    taskRunChildren: (query, options) => fetchChildren(client, query, options),
    cachedStates: (queries, options) => fetchCachedStates(client, queries, options),
    submit: (batch, options = {}) => submitBatch(client, batch, { ...options, queueInterval }),
    heartbeat: async (flowRunId, options) => {
      const id = JSON.stringify(flowRunId);
      const document = {
        operation: "the heartbeat",
        query: `mutation { update_flow_run_heartbeat(input: { flow_run_id: ${id} }) { success } }`,
        headers: { "X-PREFECT-HEARTBEAT-ID": flowRunId },
      };
      await client.send(document, beaten, options);
    },
    writeLogs: (flowRunId, records, options) => writeLogs(client, flowRunId, records, options),
    secretValue: (name, options) => secretValue(client, name, options),
    setSecret: (name, value) => setSecret(client, name, value),
    deleteSecret: (name) => deleteSecret(client, name),
    secretNames: () => secretNames(client),
    projectByName: (name) => projectByName(client, name),
    createProject: (name, description) => createProject(client, name, description, tenantId),
    registerFlow: (registration) => registerFlow(client, registration),
    flowByName: (query) => flowByName(client, query),
    createFlowRun: (request) => createFlowRun(client, request),
    cancelFlowRun: (flowRunId) => cancelFlowRun(client, flowRunId),
    close,
  };
}
