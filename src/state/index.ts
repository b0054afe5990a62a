export * from "./make.ts";
export * from "./predicates.ts";
export { hasPast, reset } from "./reset.ts";
export { mayStandFor } from "./stand-ins.ts";
export type { HandlerDescription, ReceivedResult, State, StateType, StoredResult } from "./state.ts";
export { stateTypes } from "./state.ts";
export { fromWireTime, toWireTime } from "./wire/time.ts";
