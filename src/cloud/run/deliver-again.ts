import { FlowRunnerError } from "../../errors/index.ts";
import { deliverStates } from "../kept/deliver-states.ts";
import type { UndeliveredStates } from "../kept/undelivered-states.ts";
import type { Api } from "../port/api.ts";

const attempts = 3;

/** The last try, at the end of a run, for states that could not be delivered: the API may be there again. */
export async function deliverAgain(api: Api, undelivered: UndeliveredStates, signal: AbortSignal): Promise<void> {
  if (undelivered.all.length === 0) return;
  try {
    const left = await deliverStates(api, undelivered.teller, undelivered.all, { signal, tries: attempts });
    undelivered.keepOnly(left.map((each) => each.undelivered));
  } catch (error) {
    if (!(error instanceof FlowRunnerError) && !signal.aborted) throw error;
  }
}
