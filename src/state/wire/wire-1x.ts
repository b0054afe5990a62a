import { standIns } from "../stand-ins.ts";
import type { State } from "../state.ts";
import { toResult1x } from "./result-1x.ts";
import { commonKeys, type ResultForm, readState, resultKey, type WireState } from "./wire-state.ts";

/** A state as Prefect 1.x sends and stores it (`serialized_state`). */
export interface WireState1x extends WireState {
  readonly cached_inputs: Readonly<Record<string, unknown>>;
  readonly hashed_inputs?: Readonly<Record<string, string>>;
  readonly state?: WireState1x;
}

/**
 * Writes a state in Prefect 1.x's form. `cached_inputs` is empty in every state that 1.x itself makes, and Mapped has no
 * `_result`. `Aborted` exists in 0.7 only, and 1.x refuses it: it travels as Failed.
 */
export function toWire1x(state: State): WireState1x {
  return {
    type: standIns["1.x"][state.type] ?? state.type,
    message: state.message,
    context: state.context,
    ...resultKey(state, form),
    ...commonKeys(state),
    cached_inputs: state.cachedInputs ?? {},
    ...(state.hashedInputs === undefined ? {} : { hashed_inputs: state.hashedInputs }),
    ...(state.wrapped === undefined ? {} : { state: toWire1x(state.wrapped) }),
  };
}

const form: ResultForm = {
  own: ({ result }) => result,
  write: ({ result, type }) => {
    if (result !== null) return toResult1x(result);
    // Prefect 1.x: a task that returned a value which was not persisted has a Result without location.
    const ran = type === "Success" || type === "Failed";
    return ran ? { type: "Result", location: null } : { type: "NoResultType" };
  },
};

/**
 * Reads a state in Prefect 1.x's form.
 *
 * @param owner - whose state it is, for messages
 * @throws FlowRunnerError `STATE_TYPE_UNKNOWN`, `STATE_MALFORMED`
 * @example
 * ```ts
 * fromWire1x({ type: "Pending", message: "Task run created" }).context; // {}
 * ```
 */
export function fromWire1x(json: unknown, owner = "a run"): State {
  return readState(json, owner, { ...form, adapt: (state) => state });
}
