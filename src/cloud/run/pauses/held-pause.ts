import { z } from "zod";
import { fromWireTime, type State } from "../../../state/index.ts";
import type { FlowRunRow } from "../../prefect3/run/flow-run-answers.ts";

/** How a flow run that is Paused is so. */
export interface HeldPause {
  /** Its process is to end; another one is started when it is resumed. */
  readonly suspended: boolean;
  /** Until when it can be resumed, epoch milliseconds; null: for ever. */
  readonly until: number | null;
}

const name = "flow_run_pause";
const shape = z.object({ [name]: z.object({ suspended: z.boolean(), until: z.number().nullable() }) });

/** A flow run's state, with how it is paused. Prefect 3: one without a deployment cannot be suspended. */
export function withPause(state: State, { state: held, deployment_id: deployment }: FlowRunRow): State {
  if (held?.type !== "PAUSED") return state;
  const { pause_reschedule: reschedule, pause_timeout: timeout } = held.state_details ?? {};
  const pause: HeldPause = {
    suspended: reschedule === true && deployment != null,
    until: timeout == null ? null : fromWireTime(timeout),
  };
  return { ...state, context: { ...state.context, [name]: pause } };
}

/** Null: it is not paused. */
export function pauseIn(state: State): HeldPause | null {
  const parsed = shape.safeParse(state.context);
  return state.type === "Paused" && parsed.success ? parsed.data[name] : null;
}
