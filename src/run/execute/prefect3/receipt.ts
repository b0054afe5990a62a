import type { ToldFlowState } from "../../../cloud/index.ts";
import type { ExecuteOutcome } from "../claimed-run.ts";
import type { Execution } from "../open-execution.ts";
import type { Receipt } from "./control-messages.ts";

/**
 * Tells the worker that listens to this process how the run has ended, so that it takes no exit code for a crash and
 * cancels nothing that is over.
 */
export async function withReceipt(
  { control, api }: Execution,
  execute: () => Promise<ExecuteOutcome>,
): Promise<ExecuteOutcome> {
  let outcome: ExecuteOutcome | null = null;
  try {
    outcome = await execute();
    return outcome;
  } finally {
    const receipt = control === null ? null : receiptFor(outcome, api.prefect3?.toldFlowState ?? null);
    if (receipt !== null) await control?.report(receipt);
  }
}

/** Prefect 3: a process reports its run's final or paused state, and whether it was refused the run. */
const reported: ReadonlySet<string> = new Set(["COMPLETED", "FAILED", "CANCELLED", "CRASHED", "PAUSED"]);

/** Null: the exit code says it. @param outcome Null: the run has failed before it began */
function receiptFor(outcome: ExecuteOutcome | null, told: ToldFlowState | null): Receipt | null {
  if (outcome?.conclusion === "left") return { disposition: "ORCHESTRATION_ABORTED" };
  if (outcome?.conclusion === "undelivered" || told === null || !reported.has(told.type)) return null;
  return { disposition: "STATE_REPORTED", state_id: told.id, state_type: told.type, state_name: told.name };
}
