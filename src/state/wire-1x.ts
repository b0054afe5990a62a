import { z } from "zod";
import { FlowRunnerError } from "../errors/index.ts";
import { type State, type StateType, stateTypes } from "./state.ts";
import { fromWireResult, toWireResult, type WireResult, wireResultSchema } from "./wire-result-1x.ts";
import { fromWireTime, toWireTime } from "./wire-time.ts";

/** A state as Prefect 1.x sends and stores it (`serialized_state`). */
export interface WireState1x {
  readonly type: string;
  readonly message: string | null;
  readonly context: Readonly<Record<string, unknown>>;
  readonly cached_inputs: Readonly<Record<string, never>>;
  readonly _result?: WireResult;
  readonly start_time?: string | null;
  readonly run_count?: number;
  readonly loop_count?: number;
  readonly n_map_states?: number;
  readonly cached_result_expiration?: string | null;
  readonly hashed_inputs?: Readonly<Record<string, string>>;
  readonly cached_parameters?: Readonly<Record<string, unknown>> | null;
  readonly state?: WireState1x;
}

/**
 * Writes a state in Prefect 1.x's form. `cached_inputs` is empty in every state of 1.x, and Mapped has no `_result`.
 * `Aborted` exists in 0.7 only, and 1.x refuses it: it travels as Failed.
 */
export function toWire1x(state: State): WireState1x {
  return {
    type: state.type === "Aborted" ? "Failed" : state.type,
    message: state.message,
    context: state.context,
    cached_inputs: {},
    ...(state.type === "Mapped" ? {} : { _result: resultOf(state) }),
    ...(state.startTime === undefined ? {} : { start_time: optionalTime(state.startTime) }),
    ...(state.runCount === undefined ? {} : { run_count: state.runCount }),
    ...(state.loopCount === undefined ? {} : { loop_count: state.loopCount }),
    ...(state.mapCount === undefined ? {} : { n_map_states: state.mapCount }),
    ...(state.cachedUntil === undefined ? {} : { cached_result_expiration: optionalTime(state.cachedUntil) }),
    ...(state.hashedInputs === undefined ? {} : { hashed_inputs: state.hashedInputs }),
    ...(state.cachedParameters === undefined ? {} : { cached_parameters: state.cachedParameters }),
    ...(state.wrapped === undefined ? {} : { state: toWire1x(state.wrapped) }),
  };
}

function resultOf(state: State): WireResult {
  if (state.result !== null) return toWireResult(state.result);
  // Prefect 1.x: a task that returned a value which was not persisted has a Result without location.
  const ran = state.type === "Success" || state.type === "Failed";
  return ran ? { type: "Result", location: null } : { type: "NoResultType" };
}

const optionalTime = (time: number | null): string | null => (time === null ? null : toWireTime(time));

const wireTime = z.string().transform((text, context) => {
  const time = fromWireTime(text);
  if (time !== null) return time;
  context.addIssue({ code: "custom", message: `"${text.slice(0, 60)}" is no ISO time` });
  return z.NEVER;
});

/** Unknown keys are dropped and missing parts are fine, as in Prefect: a new run has only `type` and `message`. */
const wireStateSchema = z.object({
  type: z.string(),
  message: z.string().nullish(),
  context: z.record(z.string(), z.unknown()).nullish(),
  _result: wireResultSchema.nullish(),
  start_time: wireTime.nullish(),
  run_count: z.number().nullish(),
  loop_count: z.number().nullish(),
  n_map_states: z.number().nullish(),
  cached_result_expiration: wireTime.nullish(),
  hashed_inputs: z.record(z.string(), z.string()).nullish(),
  cached_parameters: z.record(z.string(), z.unknown()).nullish(),
  state: z.unknown().optional(),
});

const knownTypes: ReadonlySet<string> = new Set(stateTypes);
const scheduled: ReadonlySet<StateType> = new Set(["Scheduled", "Paused", "Resume", "Retrying", "Queued"]);
const deepest = 20;

/**
 * Reads a state in Prefect 1.x's form.
 *
 * @throws FlowRunnerError `STATE_TYPE_UNKNOWN`, `STATE_MALFORMED`
 * @example
 * ```ts
 * fromWire1x({ type: "Pending", message: "Task run created" }).context; // {}
 * ```
 */
export function fromWire1x(json: unknown): State {
  return readState(json, 0);
}

function readState(json: unknown, depth: number): State {
  const plain = plainPending(json);
  if (plain !== null) return plain;
  const parsed = wireStateSchema.safeParse(json);
  if (!parsed.success) {
    throw new FlowRunnerError("STATE_MALFORMED", { problem: z.prettifyError(parsed.error), state: excerpt(json) });
  }
  const wire = parsed.data;
  if (!isStateType(wire.type)) throw new FlowRunnerError("STATE_TYPE_UNKNOWN", { type: wire.type });
  if (depth > deepest) throw new FlowRunnerError("STATE_MALFORMED", { problem: "nested too deep", state: wire.type });
  const type = wire.type;
  return {
    type,
    message: wire.message ?? null,
    result: fromWireResult(wire._result),
    context: wire.context ?? {},
    ...(wire.start_time != null
      ? { startTime: wire.start_time }
      : wire.start_time === null && scheduled.has(type)
        ? { startTime: null }
        : {}),
    ...(wire.run_count == null ? {} : { runCount: wire.run_count }),
    ...(wire.loop_count == null ? {} : { loopCount: wire.loop_count }),
    ...(wire.n_map_states == null ? {} : { mapCount: wire.n_map_states }),
    ...(wire.cached_result_expiration === undefined ? {} : { cachedUntil: wire.cached_result_expiration }),
    ...(wire.hashed_inputs == null ? {} : { hashedInputs: wire.hashed_inputs }),
    ...(wire.cached_parameters == null ? {} : { cachedParameters: wire.cached_parameters }),
    ...(wire.state == null ? {} : { wrapped: readState(wire.state, depth + 1) }),
  };
}

/** A new task run has no more than this, and a map over 100,000 items reads as many. */
function plainPending(json: unknown): State | null {
  if (typeof json !== "object" || json === null || Object.keys(json).length !== 2) return null;
  if (!("type" in json) || json.type !== "Pending" || !("message" in json)) return null;
  const message = json.message;
  return typeof message === "string" || message === null
    ? { type: "Pending", message, result: null, context: {} }
    : null;
}

const isStateType = (type: string): type is StateType => knownTypes.has(type);

const excerpt = (json: unknown): string => (JSON.stringify(json) ?? String(json)).slice(0, 200);
