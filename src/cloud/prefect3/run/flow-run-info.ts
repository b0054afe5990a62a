import { z } from "zod";
import { FlowRunnerError } from "../../../errors/index.ts";
import { fromWireTime, isFinished, isRunning, pending, type State } from "../../../state/index.ts";
import { fromWire3 } from "../../../state/wire/index.ts";
import type { CallOptions } from "../../port/call.ts";
import type { FlowRunInfo } from "../../port/flow-run-info.ts";
import { withPause } from "../../run/pauses/held-pause.ts";
import { type RestClient, rejectedWith } from "../client/rest-client.ts";
import { artifactIn } from "../deployments/artifact-labels.ts";
import { recordedTaskRuns } from "../task-runs/recorded-task-runs.ts";
import { RunBook } from "../task-runs/run-book.ts";
import { standsForSubflow, type TaskRunRow } from "../task-runs/task-run-row.ts";
import { type FlowRunRow, flowRow, flowRunRow } from "./flow-run-answers.ts";

/** A flow run as the API has it, and where its task runs are kept account of. */
export interface OpenedFlowRun {
  readonly info: FlowRunInfo;
  readonly book: RunBook;
  readonly row: FlowRunRow;
}

/** @throws FlowRunnerError `FLOW_RUN_NOT_FOUND`, and those of `RestClient` */
export async function fetchFlowRun(client: RestClient, id: string, options?: CallOptions): Promise<FlowRunRow> {
  const path = `/flow_runs/${encodeURIComponent(id)}`;
  try {
    return await client.send(
      { operation: "the question for the flow run", method: "GET", path, shape: flowRunRow },
      options,
    );
  } catch (error) {
    // An id that is no UUID is 422.
    if (rejectedWith(error, 404, 422)) throw new FlowRunnerError("FLOW_RUN_NOT_FOUND", { id, url: client.address });
    throw error;
  }
}

/** Everything that a process needs to know at its start. Task runs are asked for where an earlier process may have made some. */
export async function openFlowRun(client: RestClient, id: string, options?: CallOptions): Promise<OpenedFlowRun> {
  const row = await fetchFlowRun(client, id, options);
  const [flow, deployment, recorded] = await Promise.all([
    client.send(
      { operation: "the question for the flow", method: "GET", path: `/flows/${row.flow_id}`, shape: flowRow },
      options,
    ),
    fetchDeployment(client, row.deployment_id ?? null, options),
    row.run_count === 0 ? [] : recordedTaskRuns(client, id, options),
  ]);
  const book = new RunBook(
    {
      flowRunId: id,
      flowRunName: row.name,
      flowId: flow.id,
      flowName: flow.name,
      deploymentId: row.deployment_id ?? null,
      tags: row.tags,
      runCount: row.run_count + 1,
      pauseKeys: row.empirical_policy?.pause_keys ?? [],
    },
    recorded,
  );
  const start = row.next_scheduled_start_time ?? row.expected_start_time ?? "";
  const info: FlowRunInfo = {
    id,
    name: row.name,
    version: 0,
    state: entryState(row),
    parameters: row.parameters,
    context: row.context ?? {},
    scheduledStartTime: fromWireTime(start),
    heartbeat: undefined,
    flow: {
      id: flow.id,
      name: flow.name,
      project: null,
      storage: storageOf(flow.name, deployment),
      environment: null,
      runConfig: { env: variablesOf(deployment, row) },
      settings: {},
    },
    taskRuns: [],
    reached: [...new Set(recorded.filter((run) => !standsForSubflow(run)).map(({ task_key }) => task_key))],
    unreadable: unreadableAmong(recorded),
  };
  return { info, book, row };
}

/**
 * The state in which a process finds its flow run. In Prefect 3 whoever starts a process has seen to it that the one
 * before it is gone: a run that is Running is begun once more, and told so (Kubernetes starts a pod again).
 */
function entryState(row: FlowRunRow): State {
  const { id, state } = row;
  if (state == null) return pending("Flow run created");
  const held = fromWire3(state, `flow run ${id}`);
  if (isFinished(held) || held.type === "Cancelling") return held;
  return isRunning(held) ? pending("Its process is gone; it is begun once more.") : withPause(held, row);
}

const deploymentRow = z.object({
  id: z.string(),
  labels: z.record(z.string(), z.unknown()).nullish(),
  job_variables: z.record(z.string(), z.unknown()).nullish(),
});
type DeploymentRow = z.infer<typeof deploymentRow>;

async function fetchDeployment(
  client: RestClient,
  id: string | null,
  options?: CallOptions,
): Promise<DeploymentRow | null> {
  if (id === null) return null;
  const request = { operation: "the question for the deployment", path: `/deployments/${id}`, shape: deploymentRow };
  try {
    return await client.send({ ...request, method: "GET" }, options);
  } catch (error) {
    // Its runs outlive a deployment that is deleted.
    if (rejectedWith(error, 404)) return null;
    throw error;
  }
}

const jobEnvironment = z.looseObject({ env: z.record(z.string(), z.coerce.string().nullable()) });

/**
 * The environment variables that a worker would give to the run: its deployment's, and its own. What only a worker can
 * fill in (`{{ prefect.blocks… }}`, a variable, a setting of its pool) is left out.
 */
function variablesOf(deployment: DeploymentRow | null, run: FlowRunRow): Readonly<Record<string, string>> {
  const env = [deployment, run].flatMap((each) => {
    const parsed = jobEnvironment.safeParse(each?.job_variables);
    return parsed.success ? Object.entries(parsed.data.env) : [];
  });
  return Object.fromEntries(
    env.flatMap(([name, value]) => (value === null || value.includes("{{") ? [] : [[name, value]])),
  );
}

/** Null: wherever artifacts lie, by the flow's name. */
function storageOf(flow: string, deployment: DeploymentRow | null): unknown {
  const artifact = artifactIn(deployment?.labels);
  if (artifact === null) return null;
  return { type: "Local", flows: { [flow]: artifact.file }, digests: { [flow]: artifact.digest } };
}

function unreadableAmong(rows: readonly TaskRunRow[]): readonly FlowRunnerError[] {
  return rows.flatMap(({ id, state }) => {
    try {
      if (state != null) fromWire3(state, `task run ${id}`);
      return [];
    } catch (error) {
      if (error instanceof FlowRunnerError) return [error];
      throw error;
    }
  });
}
