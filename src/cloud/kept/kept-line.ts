import { z } from "zod";
import { logLevels } from "../../config/index.ts";
import type { LogRecord } from "../../engine/index.ts";
import { fromWireTime, type State, toWireTime } from "../../state/index.ts";
import { fromWire1x, toWire1x } from "../../state/wire/index.ts";

/** A state that the API was not told: of a task run, or (id null) of the flow run. */
export interface UndeliveredState {
  readonly taskRunId: string | null;
  readonly state: State;
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly time: number;
}

/** Whose state it is. */
export interface Teller {
  readonly flowRunId: string;
  /** The mark of the process in Running states: what it has to tell counts as long as the run is its own. */
  readonly runnerId: string;
}

/** What one line of a file of undelivered things holds. */
export type KeptLine =
  | { readonly kind: "state"; readonly teller: Teller; readonly undelivered: UndeliveredState }
  | { readonly kind: "log"; readonly flowRunId: string; readonly record: LogRecord };

/** A state as a line: in Prefect 1.x's form. */
export const stateLine = (teller: Teller, { taskRunId, state, reason, time }: UndeliveredState): object => ({
  flow_run_id: teller.flowRunId,
  runner_id: teller.runnerId,
  task_run_id: taskRunId,
  state: toWire1x(state),
  reason,
  time: toWireTime(time),
});

/** A log record as a line: in Prefect 1.x's form. */
export const logLine = (flowRunId: string, { taskRunId, time, name, level, message }: LogRecord): object => ({
  ...{ flow_run_id: flowRunId, task_run_id: taskRunId, timestamp: toWireTime(time), name, level, message },
});

const time = z.string().transform((text, context) => {
  const known = fromWireTime(text);
  if (known !== null) return known;
  context.addIssue({ code: "custom", message: "no ISO time" });
  return z.NEVER;
});
const common = { flow_run_id: z.string(), task_run_id: z.string().nullable() };
const stateShape = z.object({
  ...common,
  runner_id: z.string(),
  state: z.record(z.string(), z.unknown()),
  reason: z.string(),
  time,
});
const logShape = z.object({
  ...common,
  timestamp: time,
  name: z.string(),
  level: z.enum(logLevels),
  message: z.string(),
});

/** Null: it is no such line. A container that was killed, or a full disk, may leave the last one torn. */
export function parseLine(text: string): KeptLine | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const log = logShape.safeParse(json);
  if (log.success) {
    const { flow_run_id: flowRunId, task_run_id: taskRunId, timestamp, ...rest } = log.data;
    return { kind: "log", flowRunId, record: { ...rest, time: timestamp, taskRunId } };
  }
  const kept = stateShape.safeParse(json);
  return kept.success ? parseState(kept.data) : null;
}

function parseState(line: z.infer<typeof stateShape>): KeptLine | null {
  const { flow_run_id: flowRunId, runner_id: runnerId, task_run_id: taskRunId, reason, time } = line;
  try {
    // What was received counts as untouched, and would go out in this form to an API of another dialect.
    const { received: _, ...state } = fromWire1x(line.state, taskRunId ?? flowRunId);
    return { kind: "state", teller: { flowRunId, runnerId }, undelivered: { taskRunId, state, reason, time } };
  } catch {
    return null;
  }
}
