import { z } from "zod";
import { redoText } from "../../cloud/runs-to-redo.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import type { Answer } from "../http/answer.ts";
import type { RequestContext } from "../mutations/context.ts";
import { cancelFlowRun, requireFlowRun } from "../mutations/runs/flow-run-states.ts";
import { createFlowRunOnce } from "../mutations/runs/flow-runs.ts";
import { retryFlowRun } from "../mutations/runs/retry-flow-run.ts";
import { Refusal } from "../rules/refusal.ts";
import type { Changed, Started } from "./view.ts";

const startRequest = z.object({
  flowId: z.string(),
  name: z.string().nullable(),
  parameters: z.record(z.string(), z.unknown()),
});

export function startRun(context: RequestContext, sent: unknown): Started {
  const parsed = startRequest.safeParse(sent);
  if (!parsed.success) throw new Refusal(`Malformed request: ${z.prettifyError(parsed.error)}`, "BAD_USER_INPUT");
  const { flowId, name, parameters } = parsed.data;
  return { id: createFlowRunOnce({ flow_id: flowId, flow_run_name: name, parameters }, context) };
}

export function cancelRun(context: RequestContext, id: string): Changed {
  return { message: `The run is ${cancelFlowRun(context, requireFlowRun(context, id))}.` };
}

export function retryRun(context: RequestContext, id: string): Changed {
  return { message: `The run is scheduled again: ${redoText(retryFlowRun(context, id))}.` };
}

/** Works as one transaction; what is refused changes nothing. */
export function act(context: RequestContext, work: () => object): Answer {
  try {
    return { status: 200, body: context.database.transaction(work) };
  } catch (error) {
    if (error instanceof Refusal || error instanceof FlowRunnerError) return pageError(400, error.message);
    throw error;
  }
}

export const pageError = (status: number, error: string): Answer => ({ status, body: { error } });
