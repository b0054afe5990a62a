import type { State, StateType, StoredResult } from "./state.ts";

type Extra = Omit<Partial<State>, "type" | "message">;

/** Makes a state; what is not said has Prefect's default. */
export function makeState(type: StateType, message: string | null = null, extra: Extra = {}): State {
  return { type, message, result: null, context: {}, ...extra };
}

export const pending = (message: string | null = null, extra?: Extra): State => makeState("Pending", message, extra);
export const running = (message: string): State => makeState("Running", message);
export const success = (message: string, result: StoredResult | null = null): State =>
  makeState("Success", message, { result });
export const failed = (message: string): State => makeState("Failed", message);
/** Failed, since the process under it has come to its end. */
export const crashed = (message: string): State => makeState("Failed", message, { crashed: true });
export const triggerFailed = (message: string): State => makeState("TriggerFailed", message);
export const skipped = (message: string): State => makeState("Skipped", message);
export const cancelled = (message: string): State => makeState("Cancelled", message);

/** The sentence is Prefect's: its users and its UI look for it. */
export const retrying = (runCount: number, maxRetries: number, startTime: number): State =>
  makeState("Retrying", `Retrying Task (after attempt ${runCount} of ${maxRetries + 1})`, { runCount, startTime });

/** Takes off Submitted and Queued, however deep: `Submitted(Queued(Retrying))` is Retrying. */
export function unwrap(state: State): State {
  let inner = state;
  while (inner.wrapped !== undefined) inner = inner.wrapped;
  return inner;
}
