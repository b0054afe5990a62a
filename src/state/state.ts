/** The states of Prefect 0.7 and 1.x, by the name that travels on the wire. */
export const stateTypes = [
  "Pending",
  "Scheduled",
  "Paused",
  "Resume",
  "Retrying",
  "Running",
  "Cancelling",
  "Submitted",
  "Queued",
  "ClientFailed",
  "Looped",
  "Success",
  "Cached",
  "Mapped",
  "Skipped",
  "Failed",
  "Aborted",
  "TimedOut",
  "TriggerFailed",
  "ValidationFailed",
  "Cancelled",
] as const;

export type StateType = (typeof stateTypes)[number];

/**
 * A result that was written by a result handler: which handler can read it, and where it lies.
 * For `JSONResultHandler` the location is the JSON text itself; for `SecretResultHandler` it is the secret's name.
 */
export interface StoredResult {
  readonly handler: HandlerDescription;
  readonly location: string;
}

/** A result handler as plain data, in Prefect's nouns (`S3ResultHandler` with its `bucket`). */
export interface HandlerDescription {
  readonly type: string;
  readonly [option: string]: unknown;
}

/**
 * A state as plain data. Values never travel in it: `result` tells only where a value was persisted, and the running
 * engine knows a live value by its handle.
 */
export interface State {
  readonly type: StateType;
  readonly message: string | null;
  /** Where the value was persisted; null when it was not. */
  readonly result: StoredResult | null;
  readonly context: StateContext;
  /** Scheduled family and Queued: epoch milliseconds; null is "until resumed by hand" (Paused in 1.x). */
  readonly startTime?: number | null;
  /** Retrying: the attempt that has just failed, from 1. */
  readonly runCount?: number;
  /** Failed: the process under it has died, for which Prefect 3 has a state of its own. */
  readonly crashed?: true;
  /** Looped: the iteration that has just ended, from 1. */
  readonly loopCount?: number;
  /** Mapped: how many children. */
  readonly mapCount?: number;
  /** Cached: when the cached result stops being valid, epoch milliseconds; null is never. */
  readonly cachedUntil?: number | null;
  /** Cached: a hash of each input, by input name. */
  readonly hashedInputs?: Readonly<Record<string, string>>;
  /** Cached: the flow's parameters when the result was made. */
  readonly cachedParameters?: Readonly<Record<string, unknown>>;
  /** Submitted, Queued, ClientFailed: the state that is wrapped. */
  readonly wrapped?: State;
  /** Prefect 0.7: the inputs that a waiting task has kept, by input name. They are kept as they came. */
  readonly cachedInputs?: Readonly<Record<string, unknown>>;
  readonly received?: ReceivedResult;
}

/**
 * The result as the API sent it, where that is not what would be written for it: another version's, an unknown class,
 * more attributes than are known here. It is written back as it came, unless the state has been given another result.
 */
export interface ReceivedResult {
  /** What was read from it. */
  readonly result: StoredResult | null;
  readonly wire: Readonly<Record<string, unknown>>;
}

/** What a state carries beside its type. Prefect's keys keep their wire names. */
export interface StateContext {
  readonly tags?: readonly string[];
  readonly task_run_count?: number;
  readonly _loop_count?: number;
  readonly [key: string]: unknown;
}
