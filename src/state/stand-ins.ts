import type { StateType } from "./state.ts";

/** Types that a version of Prefect does not have, by what it has for them. `Aborted` was 0.7's word for called off. */
export const standIns: Readonly<Record<"0.7" | "1.x", Partial<Record<StateType, StateType>>>> = {
  "0.7": { Cancelled: "Aborted", Cancelling: "Running", ValidationFailed: "Failed" },
  "1.x": { Aborted: "Failed" },
};

/** Whether a state of the type `held` may be what became of one of the type `sent` on its way. */
export const mayStandFor = (held: StateType, sent: StateType): boolean =>
  held === sent || Object.values(standIns).some((types) => types[sent] === held);
