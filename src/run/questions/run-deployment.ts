import type { DeploymentRun, Prefect3Api } from "../../cloud/index.ts";
import type { Clock } from "../../engine/index.ts";
import type { RunQuestion } from "../../flow/index.ts";

export interface DeploymentCaller {
  readonly api: Prefect3Api;
  readonly clock: Clock;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  readonly flowRunId: string;
  readonly taskRunId: string;
}

type Question = Extract<RunQuestion, { kind: "runDeployment" }>;

const ends: ReadonlySet<string> = new Set(["COMPLETED", "FAILED", "CRASHED", "CANCELLED"]);

/** Starts a run of a deployment for a task, and waits for its end as long as it is asked to. */
export async function runDeployment(question: Question, caller: DeploymentCaller): Promise<DeploymentRun> {
  const { api, clock, signal } = caller;
  let run = await start(question, caller);
  const end = question.timeout === null ? Number.POSITIVE_INFINITY : clock.now() + question.timeout;
  while (!ends.has(run.state.type) && clock.now() < end && !signal.aborted) {
    await clock.until(Math.min(end, clock.now() + question.pollInterval), signal);
    if (!signal.aborted) run = await api.deploymentRun(run.id, { signal });
  }
  return run;
}

/**
 * The run that an earlier attempt of the task has started, or a new one: also where that of every earlier attempt has come
 * to a bad end, since it is for another one that the task is tried again.
 */
async function start(question: Question, { api, flowRunId, taskRunId }: DeploymentCaller): Promise<DeploymentRun> {
  const { deployment, parameters, tags, jobVariables, workQueue, scheduledTime, flowRunName, call } = question;
  const request = { deployment, parameters, tags, jobVariables, workQueue, scheduledTime, name: flowRunName };
  const parent = { flowRunId, taskRunId };
  const asked = (attempt: number): Promise<DeploymentRun> => {
    const name = attempt === 1 ? call : `${call}-${attempt}`;
    return api.startDeployment({
      ...request,
      idempotencyKey: question.idempotencyKey ?? `${taskRunId}-${name}`,
      parent: question.asSubflow ? { ...parent, call: name } : null,
    });
  };
  for (let attempt = 1; ; attempt += 1) {
    const run = await asked(attempt);
    // A run of a key of one's own is the one that was asked for, however it has ended.
    const isOver = ends.has(run.state.type) && run.state.type !== "COMPLETED";
    if (!isOver || question.idempotencyKey !== null) return run;
  }
}
