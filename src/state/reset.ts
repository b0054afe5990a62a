import { pending } from "./make.ts";
import type { State, StateType } from "./state.ts";

/** In the context of a task run's state: what it was before somebody has set it back. */
const mark = "reset_from";

/** Pending again, by hand. */
export const reset = (was: StateType, message: string): State => ({ ...pending(message), context: { [mark]: was } });

/** Whether something has become of a task run already, also where it was set back since. */
export const hasPast = ({ type, context }: State): boolean => type !== "Pending" || mark in context;
