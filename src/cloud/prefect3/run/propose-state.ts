import type { CallOptions } from "../../port/call.ts";
import type { RestClient } from "../client/rest-client.ts";
import { type Orchestrated, orchestrated } from "./flow-run-answers.ts";

/** A state of a flow run, as the API takes it. */
export interface ProposedState {
  /** For messages: `the pause of the flow run`. */
  readonly operation: string;
  readonly state: object;
  /** The orchestrator's rules are left aside. */
  readonly force: boolean;
}

/** How the API says that it has this state already: the answer to it was lost. */
export const alreadyMade = /already made this state transition/i;

/**
 * Proposes a state for a flow run. What became of it the answer says, and not its HTTP status.
 *
 * @throws FlowRunnerError those of `RestClient`
 */
export function proposeState(
  client: RestClient,
  flowRunId: string,
  { operation, ...body }: ProposedState,
  options?: CallOptions,
): Promise<Orchestrated> {
  const path = `/flow_runs/${flowRunId}/set_state`;
  return client.send({ operation, method: "POST", path, body, shape: orchestrated }, options);
}
