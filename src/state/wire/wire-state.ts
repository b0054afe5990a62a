import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { FlowRunnerError } from "../../errors/index.ts";
import { type ReceivedResult, type State, type StateType, type StoredResult, stateTypes } from "../state.ts";
import { fromResult07 } from "./result-0.7.ts";
import { fromResult1x, type WireResult } from "./result-1x.ts";
import { fromWireTime, toWireTime } from "./time.ts";

/** The keys that the wire forms have in common. */
export interface WireState {
  readonly type: string;
  readonly message: string | null;
  readonly context: Readonly<Record<string, unknown>>;
  readonly _result?: WireResult;
  readonly start_time?: string | null;
  readonly run_count?: number;
  readonly loop_count?: number;
  readonly n_map_states?: number;
  readonly cached_inputs?: Readonly<Record<string, unknown>> | null;
  readonly cached_result_expiration?: string | null;
  readonly cached_parameters?: Readonly<Record<string, unknown>> | null;
}

/** The keys that every version writes alike. */
export function commonKeys(state: State): Omit<WireState, "type" | "message" | "context" | "_result"> {
  return {
    ...(state.startTime === undefined ? {} : { start_time: optionalTime(state.startTime) }),
    ...(state.runCount === undefined ? {} : { run_count: state.runCount }),
    ...(state.loopCount === undefined ? {} : { loop_count: state.loopCount }),
    ...(state.mapCount === undefined ? {} : { n_map_states: state.mapCount }),
    ...(state.cachedUntil === undefined ? {} : { cached_result_expiration: optionalTime(state.cachedUntil) }),
    ...(state.cachedParameters === undefined ? {} : { cached_parameters: state.cachedParameters }),
  };
}

/** How a version writes the result of a state. */
export interface ResultForm {
  /** What travels as the state's own result: 0.7 has that of a loop elsewhere. */
  own(state: State): StoredResult | null;
  write(state: State): WireResult;
}

/** A result that came from the API goes back as it came. Mapped has none. */
export function resultKey(state: State, form: ResultForm): { readonly _result?: WireResult } {
  if (state.type === "Mapped") return {};
  const { received } = state;
  const isUntouched = received !== undefined && isDeepStrictEqual(received.result, form.own(state));
  return { _result: isUntouched ? received.wire : form.write(state) };
}

const optionalTime = (time: number | null): string | null => (time === null ? null : toWireTime(time));

const wireTime = z.string().transform((text, context) => {
  const time = fromWireTime(text);
  if (time !== null) return time;
  context.addIssue({ code: "custom", message: `"${text.slice(0, 60)}" is no ISO time` });
  return z.NEVER;
});
const record = z.record(z.string(), z.unknown());

/** Unknown keys are dropped and missing parts are fine, as in Prefect: a new run has only `type` and `message`. */
const wireStateSchema = z.object({
  type: z.string(),
  message: z.string().nullish(),
  context: record.nullish(),
  _result: record.nullish(),
  start_time: wireTime.nullish(),
  run_count: z.number().nullish(),
  loop_count: z.number().nullish(),
  n_map_states: z.number().nullish(),
  cached_inputs: record.nullish(),
  cached_result_expiration: wireTime.nullish(),
  hashed_inputs: z.record(z.string(), z.string()).nullish(),
  cached_parameters: record.nullish(),
  state: z.unknown().optional(),
});

/** What a version has of its own in reading. */
export interface Reading extends ResultForm {
  /** Puts in its place what this version keeps elsewhere. */
  adapt(state: State): State;
}

const knownTypes: ReadonlySet<string> = new Set(stateTypes);
const scheduled: ReadonlySet<StateType> = new Set(["Scheduled", "Paused", "Resume", "Retrying", "Queued"]);
const deepest = 20;

/**
 * Reads a state in the form of any version.
 *
 * @param owner - whose state it is, for messages: `flow run 7e12…`
 * @throws FlowRunnerError `STATE_TYPE_UNKNOWN`, `STATE_MALFORMED`
 */
export function readState(json: unknown, owner: string, reading: Reading, depth = 0): State {
  const plain = plainPending(json);
  if (plain !== null) return plain;
  const parsed = wireStateSchema.safeParse(json);
  if (!parsed.success) {
    throw new FlowRunnerError("STATE_MALFORMED", {
      owner,
      problem: z.prettifyError(parsed.error),
      state: excerpt(json),
    });
  }
  const wire = parsed.data;
  if (!isStateType(wire.type)) throw new FlowRunnerError("STATE_TYPE_UNKNOWN", { owner, type: wire.type });
  if (depth > deepest) {
    throw new FlowRunnerError("STATE_MALFORMED", { owner, problem: "nested too deep", state: wire.type });
  }
  const type = wire.type;
  const read = reading.adapt({
    type,
    message: wire.message ?? null,
    result: storedResult(wire._result),
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
    ...(wire.cached_inputs == null || isEmpty(wire.cached_inputs) ? {} : { cachedInputs: wire.cached_inputs }),
    ...(wire.state == null ? {} : { wrapped: readState(wire.state, owner, reading, depth + 1) }),
  });
  const received = receivedResult(wire._result, read, reading);
  return received === null ? read : { ...read, received };
}

/** Each version's states are kept by later versions of the API: all forms are read everywhere. */
function storedResult(wire: WireResult | null | undefined): StoredResult | null {
  if (wire == null) return null;
  return wire.type === "SafeResult" ? fromResult07(wire) : fromResult1x(wire);
}

function receivedResult(wire: WireResult | null | undefined, read: State, reading: Reading): ReceivedResult | null {
  if (wire == null || read.type === "Mapped") return null;
  return isDeepStrictEqual(wire, reading.write(read)) ? null : { result: reading.own(read), wire };
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
const isEmpty = (value: object): boolean => Object.keys(value).length === 0;
const excerpt = (json: unknown): string => (JSON.stringify(json) ?? String(json)).slice(0, 200);
