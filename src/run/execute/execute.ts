import type { Api, FlowRunInfo } from "../../cloud/index.ts";
import type { RunnerConfig } from "../../config/index.ts";
import { failureMessage } from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { failed, isFinished, type State, unwrap } from "../../state/index.ts";
import { maskedError } from "../secrets/masked.ts";
import { type ExecuteOutcome, runClaimed } from "./claimed-run.ts";
import { type ExecuteHooks, type Execution, openExecution } from "./open-execution.ts";
import { withReceipt } from "./prefect3/receipt.ts";
import { claimRun } from "./takeover.ts";

export type { ExecuteOutcome } from "./claimed-run.ts";

/**
 * Executes the flow run that the environment names, as an agent's container does: asks the API for it, loads its
 * artifact, runs `environment.setup` and `environment.execute`, and tells every state.
 *
 * A run that cannot begin is told to the API as Failed before the error is thrown.
 *
 * @throws FlowRunnerError those of the API (`FLOW_RUN_NOT_FOUND`, `API_…`), of the artifact (`ARTIFACT_…`) and
 *   `PARAMETER_MISSING`
 * @example
 * ```ts
 * const { state } = await executeFlowRun(parseRunnerEnvironment(process.env), { observer: {}, signal });
 * ```
 */
export async function executeFlowRun(config: RunnerConfig, hooks: ExecuteHooks): Promise<ExecuteOutcome> {
  const execution = await openExecution(config, hooks);
  try {
    return await withReceipt(execution, () => executeOpened(execution));
  } catch (error) {
    throw maskedError(error, execution.secrets.masker);
  } finally {
    await execution.close();
  }
}

async function executeOpened(execution: Execution): Promise<ExecuteOutcome> {
  const { api, audience, config, hooks } = execution;
  const info = await fetchInfo(api, config.flowRunId);
  if (isFinished(unwrap(info.state))) return leave(unwrap(info.state), "Flow run has already finished.");
  const runnerId = crypto.randomUUID();
  const claim = await claimRun({
    api,
    info,
    runnerId,
    clock: execution.clock,
    takeoverAfter: config.takeoverAfter,
    signal: execution.stop.signal,
    log: (message) => audience.log("INFO", message),
  });
  if (hooks.keepsFinished === true) api.prefect3?.keepFinished(info.id);
  if (claim.kind === "left") return leave(claim.state, claim.message);
  return await runClaimed(execution, claim.info, runnerId);
}

/** A flow run in a state that is not known here would wait for somebody who never comes: it is told why, as Failed. */
async function fetchInfo(api: Api, flowRunId: string): Promise<FlowRunInfo> {
  try {
    return await api.flowRunInfo(flowRunId);
  } catch (error) {
    if (error instanceof FlowRunnerError && unreadable.has(error.code)) {
      const state = failed(failureMessage("start", error.message));
      await api.submit({ flowRunId, creations: [], taskStates: [], flowStates: [{ state, version: null }] });
    }
    throw error;
  }
}

const unreadable: ReadonlySet<string> = new Set(["STATE_TYPE_UNKNOWN", "STATE_MALFORMED"]);

/** Not ours to run: nothing was told to the API. */
function leave(state: State, message: string): ExecuteOutcome {
  const delivery = { complete: true, states: 0, logs: 0, files: [] };
  return { state, conclusion: "left", message, delivery };
}
