import { z } from "zod";
import { FlowRunnerError } from "../../errors/index.ts";
import { makeState } from "../make.ts";
import type { State, StateType, StoredResult } from "../state.ts";
import { fromWireTime, toWireTime } from "./time.ts";

const types3 = [
  "SCHEDULED",
  "PENDING",
  "RUNNING",
  "COMPLETED",
  "FAILED",
  "CANCELLED",
  "CRASHED",
  "PAUSED",
  "CANCELLING",
] as const;
export type StateType3 = (typeof types3)[number];

/** A state as Prefect 3's API takes it: it gives the id and the time itself. */
export interface WireState3 {
  readonly type: StateType3;
  readonly name: string;
  readonly message: string | null;
  readonly data: unknown;
  readonly state_details: Readonly<Record<string, unknown>>;
}

/** Prefect 3 knows nine types; what else a state is says its name, which its pages show. */
const forms: Record<StateType, readonly [type: StateType3, name: string]> = {
  Pending: ["PENDING", "Pending"],
  Scheduled: ["SCHEDULED", "Scheduled"],
  Paused: ["PAUSED", "Paused"],
  Resume: ["SCHEDULED", "Resuming"],
  Retrying: ["SCHEDULED", "AwaitingRetry"],
  Running: ["RUNNING", "Running"],
  Cancelling: ["CANCELLING", "Cancelling"],
  Submitted: ["PENDING", "Submitting"],
  Queued: ["SCHEDULED", "AwaitingConcurrencySlot"],
  ClientFailed: ["CRASHED", "Crashed"],
  Looped: ["RUNNING", "Looping"],
  Success: ["COMPLETED", "Completed"],
  Cached: ["COMPLETED", "Cached"],
  Mapped: ["RUNNING", "Mapped"],
  Skipped: ["COMPLETED", "Skipped"],
  Failed: ["FAILED", "Failed"],
  Aborted: ["FAILED", "Aborted"],
  TimedOut: ["FAILED", "TimedOut"],
  // Prefect 3: "Upstream task run … did not reach a 'COMPLETED' state".
  TriggerFailed: ["PENDING", "NotReady"],
  ValidationFailed: ["FAILED", "ValidationFailed"],
  Cancelled: ["CANCELLED", "Cancelled"],
};

/** Those that Prefect 3 counts as ends. */
const ends: ReadonlySet<StateType3> = new Set(["COMPLETED", "FAILED", "CANCELLED", "CRASHED"]);
export const isEnd3 = ({ type }: Pick<WireState3, "type">): boolean => ends.has(type);

/** What a state carries that Prefect 3 has no place for, within `data`, which its API keeps as it is. */
const ownShape = z.object({
  result: z.object({ handler: z.looseObject({ type: z.string() }), location: z.string() }).nullish(),
  context: z.record(z.string(), z.unknown()).nullish(),
  run_count: z.number().nullish(),
  loop_count: z.number().nullish(),
  hashed_inputs: z.record(z.string(), z.string()).nullish(),
  cached_parameters: z.record(z.string(), z.unknown()).nullish(),
});
type Own = z.infer<typeof ownShape>;

/**
 * Writes a state in Prefect 3's form.
 *
 * @example toWire3(retrying(1, 3, Date.now() + 10_000)); // { type: "SCHEDULED", name: "AwaitingRetry", … }
 */
export function toWire3(state: State): WireState3 {
  const [type, name] = formOf(state);
  const { startTime, cachedUntil } = state;
  return {
    type,
    name,
    message: state.message,
    data: dataOf(state, type),
    state_details: {
      ...((type === "SCHEDULED" || type === "PAUSED") && startTime != null
        ? { scheduled_time: toWireTime(startTime) }
        : {}),
      ...(state.type === "Cached" && cachedUntil != null ? { cache_expiration: toWireTime(cachedUntil) } : {}),
    },
  };
}

function formOf(state: State): readonly [type: StateType3, name: string] {
  if (state.crashed === true) return ["CRASHED", "Crashed"];
  const isRetry = state.type === "Running" && (state.context.task_run_count ?? 1) > 1;
  return isRetry ? ["RUNNING", "Retrying"] : forms[state.type];
}

/** Prefect 3's client version that would have written it. */
const writtenBy = "3.8.8";

/**
 * A result that was persisted: where, as Prefect 3 says it, so that the API keeps a COMPLETED run from being run again,
 * and ours beside it. Prefect's client takes all else that is there for the result itself, or for the error of a Failed
 * state: an end without a result has none.
 */
function dataOf(state: State, type: StateType3): unknown {
  if (ends.has(type) && state.result === null) return null;
  const own = ownOf(state);
  if (type === "COMPLETED" && state.result !== null) {
    return {
      storage_key: state.result.location,
      expiration: state.cachedUntil == null ? null : toWireTime(state.cachedUntil),
      serializer: { type: isReadByPython(state.result) ? "json" : "flow-runner" },
      prefect_version: writtenBy,
      storage_block_id: null,
      flow_runner: own,
    };
  }
  return own === null ? null : { type: "unpersisted", flow_runner: own };
}

/** Whether what is kept is JSON, as itself (a state's own) or as a record of Prefect 3's; else it is of flow-runner's own form. */
const isReadByPython = ({ handler }: StoredResult): boolean =>
  handler.type === "JSONResultHandler" || (handler.serializer === "json" && handler.compression === undefined);

function ownOf(state: State): Own | null {
  const { tags: _, ...context } = state.context;
  const own = {
    ...(state.result === null ? {} : { result: state.result }),
    ...(Object.keys(context).length === 0 ? {} : { context }),
    ...(state.runCount === undefined ? {} : { run_count: state.runCount }),
    ...(state.loopCount === undefined ? {} : { loop_count: state.loopCount }),
    ...(state.hashedInputs === undefined ? {} : { hashed_inputs: { ...state.hashedInputs } }),
    ...(state.cachedParameters === undefined ? {} : { cached_parameters: { ...state.cachedParameters } }),
  };
  return Object.keys(own).length === 0 ? null : own;
}

const stateShape = z.object({
  type: z.string(),
  name: z.string().nullish(),
  message: z.string().nullish(),
  data: z.unknown().optional(),
  state_details: z
    .looseObject({ scheduled_time: z.string().nullish(), cache_expiration: z.string().nullish() })
    .nullish(),
});

/**
 * Reads a state in Prefect 3's form, whoever has written it.
 *
 * @param owner - whose state it is, for messages: `flow run 7e12…`
 * @throws FlowRunnerError `STATE_TYPE_UNKNOWN`, `STATE_MALFORMED`
 */
export function fromWire3(json: unknown, owner: string): State {
  const parsed = stateShape.safeParse(json);
  if (!parsed.success) {
    const state = (JSON.stringify(json) ?? String(json)).slice(0, 200);
    throw new FlowRunnerError("STATE_MALFORMED", { owner, problem: z.prettifyError(parsed.error), state });
  }
  const { type: typeName, name, message, data, state_details: details } = parsed.data;
  const type3 = types3.find((known) => known === typeName);
  if (type3 === undefined) throw new FlowRunnerError("STATE_TYPE_UNKNOWN", { owner, type: typeName });
  const own = ownShape.safeParse(fieldOf(data, "flow_runner")).data ?? {};
  const scheduled = time(details?.scheduled_time);
  const until = time(details?.cache_expiration);
  const type = typeOf(type3, name ?? null);
  return makeState(type, message ?? null, {
    result: resultOf(own),
    context: own.context ?? {},
    ...(type3 === "SCHEDULED" && scheduled !== null ? { startTime: scheduled } : {}),
    ...(type3 === "PAUSED" ? { startTime: scheduled } : {}),
    ...(type3 === "CRASHED" ? { crashed: true } : {}),
    ...(own.run_count == null ? {} : { runCount: own.run_count }),
    ...(own.loop_count == null ? {} : { loopCount: own.loop_count }),
    ...(type === "Cached" ? { cachedUntil: until } : {}),
    ...(own.hashed_inputs == null ? {} : { hashedInputs: own.hashed_inputs }),
    ...(own.cached_parameters == null ? {} : { cachedParameters: own.cached_parameters }),
  });
}

const byType: Record<StateType3, StateType> = {
  SCHEDULED: "Scheduled",
  PENDING: "Pending",
  RUNNING: "Running",
  COMPLETED: "Success",
  FAILED: "Failed",
  CANCELLED: "Cancelled",
  CRASHED: "Failed",
  PAUSED: "Paused",
  CANCELLING: "Cancelling",
};
/** By the names that make one of them more than its type. */
const byName: Readonly<Record<string, StateType>> = {
  AwaitingRetry: "Retrying",
  Looping: "Looped",
  Cached: "Cached",
  Skipped: "Skipped",
  TimedOut: "TimedOut",
  ValidationFailed: "ValidationFailed",
  Aborted: "Aborted",
};

function typeOf(type: StateType3, name: string | null): StateType {
  const named = name === null ? undefined : byName[name];
  return named !== undefined && forms[named][0] === type ? named : byType[type];
}

const resultOf = ({ result }: Own): StoredResult | null => result ?? null;
const time = (text: string | null | undefined): number | null => (text == null ? null : fromWireTime(text));
const fieldOf = (data: unknown, name: string): unknown =>
  typeof data === "object" && data !== null ? (data as Record<string, unknown>)[name] : undefined;
