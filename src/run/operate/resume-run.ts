import { z } from "zod";
import type { FlowRunInfo, FlowRunRow, RunsApi } from "../../cloud/index.ts";
import { type ApiAccess, parseRunnerEnvironment } from "../../config/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { isFinished, isScheduled, isSuccessful, pending, unwrap } from "../../state/index.ts";
import { launchEnvironment } from "../agent/local/launch-environment.ts";
import { describeArtifact } from "../describe.ts";
import { type ExecuteOutcome, executeFlowRun } from "../execute/execute.ts";
import { registeredDigest } from "../execute/load/artifact-file.ts";
import type { ChosenArtifact } from "../execute/load/load-artifact.ts";
import { requireSameSlugs } from "../execute/load/same-slugs.ts";
import type { ExecuteHooks } from "../execute/open-execution.ts";
import { withRunsApi } from "../register/with-api.ts";
import { withArtifact } from "./chosen-artifact.ts";
import { findRun } from "./find-run.ts";
import { type SetBackRun, setBack } from "./set-back.ts";

export interface ResumeOptions {
  /** A saved flow or a source, with which the run goes on; left out: the artifact that it was registered with. */
  readonly artifact?: string | undefined;
  /** Only this part of it, by the name of its task: `clean[37]`; the run must be over. Left out: all that failed. */
  readonly only?: { readonly task: string; readonly downstream: boolean } | undefined;
  /** Told what runs again, before it does; not told of a run that was not over. */
  readonly found: (again: SetBackRun) => void;
  readonly hooks: Pick<ExecuteHooks, "observer" | "signal" | "plan" | "trace">;
}

export interface ResumedRun {
  readonly run: FlowRunRow;
  readonly outcome: ExecuteOutcome;
}

/**
 * Has a flow run go on here, in this process, as an agent's container would: what failed or was cancelled runs again, and
 * what followed from it. Nothing is changed before the flow that it is to go on with has turned out to have the run's
 * tasks. A run that is not over is executed as it is: one that waits, or one whose container is gone (not with Prefect 3,
 * whose API cannot tell that).
 *
 * @throws FlowRunnerError `FLOW_RUN_UNKNOWN`, `FLOW_RUN_SUCCESSFUL`, `FLOW_RUN_UNFINISHED`,
 *   `SLUGS_DIFFER`, `NOTHING_TO_RETRY`, `FLOW_RUN_CHANGED`, those of saving and loading the flow, and of the API
 */
export async function resumeRun(access: ApiAccess, idOrName: string, options: ResumeOptions): Promise<ResumedRun> {
  const { run, info } = await withRunsApi(access, async (api) => {
    const found = await findRun(api, idOrName);
    return { run: found, info: await api.flowRunInfo(found.id) };
  });
  return withArtifact(info.flow, options.artifact, async (artifact) => {
    await withRunsApi(access, (api) => prepare(api, run, info, artifact, options));
    const env = environmentOf(info, access);
    const keepsFinished = options.only !== undefined;
    const outcome = await executeFlowRun(parseRunnerEnvironment(env), {
      ...options.hooks,
      artifact,
      keepsFinished,
      env,
    });
    return { run, outcome };
  });
}

async function prepare(
  api: RunsApi,
  run: FlowRunRow,
  info: FlowRunInfo,
  artifact: ChosenArtifact,
  { found, only }: ResumeOptions,
): Promise<void> {
  const held = await api.flowRunState(run.id);
  const state = unwrap(held.state);
  if (isSuccessful(state) && only === undefined) throw new FlowRunnerError("FLOW_RUN_SUCCESSFUL", { run: run.name });
  const { flows, digest } = await describeArtifact(artifact.file, { flow: info.flow.name });
  for (const graph of flows) requireSameSlugs(graph, info, artifact.name);
  if (!isFinished(state)) {
    // Nothing tells of a run of Prefect 3 that is a process's already whether that is gone.
    const mayBeHeld = api.prefect3 !== undefined && !isScheduled(state);
    if (only === undefined && !mayBeHeld) return;
    throw new FlowRunnerError("FLOW_RUN_UNFINISHED", { run: run.name, state: state.type });
  }
  const before = registeredDigest(info.flow.name, info.flow.storage);
  const other = before === null || before === digest ? "" : ` The code is that of ${digest} in place of ${before}.`;
  // Not Scheduled, which an agent would start, nor Submitted, which an API refuses twice within half a minute.
  const flowState = (message: string) => pending(`${message}${other}`);
  found(await setBack(api, run, held, { word: "Resumed by hand", flowState, only }));
}

const runConfigSchema = z.looseObject({ env: z.record(z.string(), z.coerce.string()) });

/** As an agent or a worker gives it to a container, with the variables that the flow was registered with. */
function environmentOf({ id, flow }: FlowRunInfo, access: ApiAccess): NodeJS.ProcessEnv {
  const settings = { access, labels: [], env: {}, sendLogs: true };
  const env = runConfigSchema.safeParse(flow.runConfig).data?.env ?? {};
  return launchEnvironment(process.env, { id, flow }, settings, { env, workingFolder: null });
}
