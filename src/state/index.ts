export * from "./make.ts";
export * from "./predicates.ts";
export type { HandlerDescription, State, StateContext, StateType, StoredResult } from "./state.ts";
export { stateTypes } from "./state.ts";
export { fromWire1x, toWire1x, type WireState1x } from "./wire-1x.ts";
export { fromWireTime, toWireTime } from "./wire-time.ts";
