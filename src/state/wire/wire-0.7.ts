import { standIns } from "../stand-ins.ts";
import type { State, StateType, StoredResult } from "../state.ts";
import { isRecord } from "./handler-naming.ts";
import { fromResult07, toResult07 } from "./result-0.7.ts";
import type { WireResult } from "./result-1x.ts";
import { commonKeys, type ResultForm, readState, resultKey, type WireState } from "./wire-state.ts";

/** A state as Prefect 0.7 sends and stores it (`serialized_state`). */
export interface WireState07 extends WireState {
  readonly state?: WireState07;
}

const typeIn07 = (type: StateType): StateType => standIns["0.7"][type] ?? type;

/** States that keep their task's inputs, and with them where a loop is. */
const keepsInputs: ReadonlySet<StateType> = new Set([
  "Pending",
  "Scheduled",
  "Paused",
  "Resume",
  "Retrying",
  "Failed",
  "Aborted",
  "TimedOut",
  "TriggerFailed",
  "Cached",
]);

const year = 365 * 24 * 60 * 60_000;
/** Prefect 0.7: a Paused state without a start time gets one that is ten years ahead. */
const pausedFor = 10 * year;
const untilResumed = 9 * year;

/**
 * Writes a state in Prefect 0.7's form: results as `SafeResult` with their handler, a loop's count and last result among
 * `cached_inputs`. What 0.7 has no key for and would drop (the hashes of a Cached state's inputs) goes in `context`.
 *
 * @param now - epoch milliseconds, from which a pause without end is counted
 */
export function toWire07(state: State, now = Date.now()): WireState07 {
  const type = typeIn07(state.type);
  const { _loop_count: loopCount, ...context } = state.context;
  const inLoop = isLoopElsewhere(state);
  const startTime = state.type === "Paused" && state.startTime === null ? now + pausedFor : state.startTime;
  const loop = inLoop ? loopInputs(loopCount ?? 1, state) : {};
  return {
    type,
    message: state.message,
    context: {
      ...(inLoop ? context : state.context),
      ...(state.hashedInputs === undefined ? {} : { hashed_inputs: state.hashedInputs }),
    },
    ...resultKey(state, form),
    ...commonKeys(startTime === undefined ? state : { ...state, startTime }),
    ...(keepsInputs.has(type) ? { cached_inputs: orNull({ ...state.cachedInputs, ...loop }) } : {}),
    ...(state.wrapped === undefined ? {} : { state: toWire07(state.wrapped, now) }),
  };
}

const isLoopElsewhere = ({ type, context }: State): boolean =>
  context._loop_count !== undefined && keepsInputs.has(typeIn07(type));

const ownResult = (state: State): StoredResult | null => (isLoopElsewhere(state) ? null : state.result);

const form: ResultForm = {
  own: ownResult,
  write: (state) => {
    const result = ownResult(state);
    return result === null ? { type: "NoResultType" } : toResult07(result);
  },
};

const json = { type: "JSONResultHandler" } as const;

const loopInputs = (count: number, { result }: State): Record<string, WireResult> => ({
  _loop_count: toResult07({ handler: json, location: JSON.stringify(count) }),
  ...(result === null ? {} : { _loop_result: toResult07(result) }),
});

const orNull = (inputs: Record<string, unknown>): Record<string, unknown> | null =>
  Object.keys(inputs).length === 0 ? null : inputs;

/**
 * Reads a state in Prefect 0.7's form.
 *
 * @param owner - whose state it is, for messages
 * @param now - epoch milliseconds; see `toWire07`
 * @throws FlowRunnerError `STATE_TYPE_UNKNOWN`, `STATE_MALFORMED`
 * @example
 * ```ts
 * fromWire07({ type: "Retrying", run_count: 1, start_time: "2020-01-02T03:04:05+00:00" }).runCount; // 1
 * ```
 */
export function fromWire07(wire: unknown, owner = "a run", now = Date.now()): State {
  return readState(wire, owner, { ...form, adapt: (state) => adapt(state, now) });
}

function adapt(state: State, now: number): State {
  const { hashed_inputs: hashes, ...context } = state.context;
  const { cachedInputs, ...rest } = state;
  const { _loop_count: counted, _loop_result: last, ...inputs } = cachedInputs ?? {};
  const loopCount = isRecord(counted) ? numberIn(fromResult07(counted)?.location) : null;
  const loopResult = loopCount !== null && isRecord(last) ? fromResult07(last) : null;
  const kept = loopCount === null ? (cachedInputs ?? {}) : inputs;
  const isPausedForLong = state.type === "Paused" && state.startTime != null && state.startTime - now > untilResumed;
  return {
    ...rest,
    result: state.result ?? loopResult,
    context: {
      ...(isHashes(hashes) ? context : state.context),
      ...(loopCount === null ? {} : { _loop_count: loopCount }),
    },
    ...(isHashes(hashes) ? { hashedInputs: hashes } : {}),
    ...(isPausedForLong ? { startTime: null } : {}),
    ...(Object.keys(kept).length === 0 ? {} : { cachedInputs: kept }),
  };
}

const isHashes = (value: unknown): value is Record<string, string> =>
  isRecord(value) && Object.values(value).every((hash) => typeof hash === "string");

function numberIn(text: string | undefined): number | null {
  const number = Number(text);
  return text === undefined || text.trim() === "" || Number.isNaN(number) ? null : number;
}
