export * from "./make.ts";
export * from "./predicates.ts";
export type { HandlerDescription, State, StateContext, StateType, StoredResult } from "./state.ts";
export { stateTypes } from "./state.ts";
export { fromWireTime, toWireTime } from "./wire-time.ts";
