import type { TaskRunEntry } from "../../../src/engine/index.ts";
import { makeState, pending, type State, type StateType } from "../../../src/state/index.ts";

/** A task run as the engine names it to an observer. */
export const run = (slug: string, mapIndex: number | null = null): TaskRunEntry => ({
  id: null,
  slug,
  mapIndex,
  initialState: pending(),
});

export const state = (type: StateType, message: string | null = null, extra?: Partial<State>): State =>
  makeState(type, message, extra);
