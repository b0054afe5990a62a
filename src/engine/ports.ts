import type { State, StoredResult } from "../state/index.ts";

/**
 * What the engine needs of the world. It does no I/O itself: a host runs the flow's own code, a run store holds the
 * truth about states, a clock tells the time, an observer is told what happens.
 */

/** A value in the host, known by number. The engine chooses the numbers; mapped children have consecutive ones. */
export type Handle = number;

/** How an input refers to values in the host: a whole one, an element of one, or a list made of runs of handles. */
export type ValueRef =
  | { readonly handle: Handle }
  | { readonly handle: Handle; readonly index: number }
  | { readonly list: readonly HandleRange[] };
export type HandleRange = readonly [first: Handle, count: number];

/** One attempt of one task's body. */
export interface BodyRequest {
  readonly slug: string;
  readonly mapIndex: number | null;
  readonly taskRunId: string | null;
  /** By edge key (`rows`, `query.days.0`). */
  readonly inputs: Readonly<Record<string, ValueRef>>;
  /** Where the value goes: the result, or for LOOP the iteration's; for a failure the error, which a reduce sees. */
  readonly into: Handle;
  /** From 1. */
  readonly runCount: number;
  /** From 1. */
  readonly loopCount: number;
  /** The value of the iteration before is in `into`. */
  readonly hasLoopResult: boolean;
  /** The run was resumed by hand: `manual_only` and `signals.pause` let it pass. */
  readonly resume: boolean;
  /** Milliseconds; null: none. */
  readonly timeout: number | null;
  /** Write the result with the task's handler before answering. */
  readonly checkpoint: boolean;
  /** Keep the inputs in the scratch store first: the attempt may have to be repeated in a fresh host. */
  readonly keepInputs: boolean;
  /** Run it in a host of its own. */
  readonly isolated: boolean;
  /** A person tries the body out; left out: it runs as in any run. */
  readonly trial?: Trial;
}

/** How a body runs that a person tries out. */
export interface Trial {
  /** Inputs in the place of the task's own, by name. */
  readonly set: Readonly<Record<string, unknown>>;
  /** Port of this machine where a debugger is waited for before the body begins (0: any free one); null: none is. */
  readonly inspect: number | null;
}

/** What a body would be given. */
export type ShownInputs =
  /** `names` are the task's own inputs; `texts` is what a person may read of these and of those that are set. */
  | {
      readonly kind: "shown";
      readonly names: string[];
      readonly texts: Record<string, string>;
    }
  | { readonly kind: "missing"; readonly handles: Handle[] };

/** An exception of the flow's own code, as text. */
export interface ErrorReport {
  /** The constructor's name, or `string` for a thrown string. */
  readonly name: string;
  readonly message: string;
  readonly stack: string | null;
  /** False when the task's `retryOn` does not name this error. */
  readonly retryable: boolean;
}

export type BodyOutcome =
  /** `length` is told when the value is an array, so that mapping over it needs no further question. */
  | {
      readonly kind: "success";
      readonly stored: StoredResult | null;
      readonly length: number | null;
      readonly message: string | null;
    }
  /** `triggerFail` comes from a body, and is retried as any failure of a body is (Prefect 1.x). */
  | { readonly kind: "fail" | "triggerFail" | "skip"; readonly message: string }
  /** `startTime` is epoch milliseconds; null is now. */
  | { readonly kind: "retry" | "pause"; readonly message: string; readonly startTime: number | null }
  | { readonly kind: "loop"; readonly message: string | null; readonly stored: StoredResult | null }
  | { readonly kind: "error"; readonly error: ErrorReport }
  /** The value could not be persisted or is not allowed: the sentence says which value and why. */
  | { readonly kind: "unwritten"; readonly message: string; readonly retryable: boolean }
  | { readonly kind: "timedOut"; readonly message: string | null }
  /** Inputs that this host does not hold; nothing was run. */
  | { readonly kind: "missing"; readonly handles: Handle[] }
  /** The host ended and this task is to blame. */
  | { readonly kind: "crashed"; readonly message: string }
  /** The host ended and this task is not known to be to blame; a suspect is started again in a host of its own. */
  | { readonly kind: "lost"; readonly message: string; readonly suspect: boolean }
  | { readonly kind: "cancelled" };

/** A state together with the live value that belongs to it, for user code that looks at states. */
export interface SeenState {
  readonly slug: string;
  readonly mapIndex: number | null;
  readonly key: string | null;
  readonly state: State;
  readonly handle: Handle | null;
}

/** User code that is no task body. Each has a deadline, kept by the host's side of the port. */
export type CallRequest =
  | {
      readonly fn: "taskStateHandlers";
      readonly slug: string;
      readonly mapIndex: number | null;
      readonly old: State;
      readonly new: State;
      readonly handle: Handle | null;
    }
  | { readonly fn: "flowStateHandlers"; readonly old: State; readonly new: State }
  | { readonly fn: "terminalStateHandler"; readonly state: State; readonly references: readonly SeenState[] }
  | {
      readonly fn: "trigger";
      readonly slug: string;
      readonly mapIndex: number | null;
      readonly upstream: readonly SeenState[];
    }
  | {
      readonly fn: "cacheValidator";
      readonly slug: string;
      readonly cached: State;
      readonly inputs: Readonly<Record<string, ValueRef>>;
    }
  /** The schemas of the flow's parameters look over those of the run; `value` is a `ParametersFound`. */
  | { readonly fn: "parameters" }
  | { readonly fn: "secretProvider"; readonly provider: string; readonly key: string }
  | { readonly fn: "environment"; readonly hook: "setup" | "execute" | "onStart" | "onExit" };

export type CallOutcome =
  /** Handlers: the state to go on with (the new one, or its replacement); `fires` is a trigger's or validator's answer; `value` a secret, or what schemas found. */
  | { readonly kind: "ok"; readonly state: State | null; readonly fires: boolean; readonly value?: unknown }
  /** A signal was thrown. `end` is true for PAUSE, which leaves the pipeline. */
  | { readonly kind: "signal"; readonly state: State }
  | { readonly kind: "error"; readonly error: ErrorReport };

export type Measure =
  | { readonly kind: "length"; readonly length: number }
  | { readonly kind: "unmappable"; readonly what: string }
  | { readonly kind: "missing"; readonly handles: Handle[] };

/** What a task's inputs say about earlier results. */
export type Probe =
  | {
      readonly kind: "probed";
      /** What a cache-key function returned; null where there is none. */
      readonly cacheKey: string | null;
      /** A hash of each input, by name. */
      readonly inputHashes: Readonly<Record<string, string>>;
      /** The object that is at the task's target already. */
      readonly target: StoredResult | null;
    }
  | { readonly kind: "missing"; readonly handles: Handle[] }
  | { readonly kind: "error"; readonly error: ErrorReport };

export interface ReadRequest {
  readonly handle: Handle;
  readonly slug: string;
  readonly stored: StoredResult;
}

/** The place where the flow's own code runs. Promises resolve with an outcome; they reject only for a broken host. */
export interface Host {
  run(request: BodyRequest): Promise<BodyOutcome>;
  call(request: CallRequest): Promise<CallOutcome>;
  /** How many elements a value can be mapped over. */
  measure(ref: ValueRef): Promise<Measure>;
  /** Looks for what an earlier run may have left: hashes the inputs, asks the task's cache-key and target functions. */
  probe(request: BodyRequest): Promise<Probe>;
  /** Reads a persisted result into a handle; resolves with null, or with why not. */
  read(request: ReadRequest): Promise<string | null>;
  /** Puts an error (a failed task's) or nothing (a skipped one's) where a value would be, for a reduce to see. */
  mark(handle: Handle, kind: "failed" | "skipped", message: string): void;
  /** Nothing needs these values any more. */
  release(ranges: readonly HandleRange[]): void;
  /** Tells the bodies that run to stop (their AbortSignal); late answers are discarded. */
  cancel(reason: string): void;
}

/** A task run as the store knows it. The engine keeps it and hands it back; `id` is null where there is no API. */
export interface TaskRunEntry {
  readonly id: string | null;
  readonly slug: string;
  readonly mapIndex: number | null;
  /** The state it had when it was looked up. */
  readonly initialState: State;
}

/** The answer to a state that was sent. A state is in force only once it was accepted. */
export type Ack =
  | { readonly status: "accepted" }
  /** A concurrency limit: try again at `startTime` (epoch milliseconds), or when `sooner` resolves. */
  | { readonly status: "queued"; readonly startTime: number; readonly sooner?: Promise<void> }
  /** Another owner, or the API's rules, say no. `current` is what the API holds, where it could be read. */
  | { readonly status: "refused"; readonly reason: string; readonly current: State | null }
  /** It could not be delivered within the outage budget. */
  | { readonly status: "undelivered"; readonly reason: string };

/** Where states are kept: an API, or nowhere (`flow.run`). Implementations batch calls of one tick. */
export interface RunStore {
  /** The task run of an unmapped task (or of a mapped parent). */
  taskRun(slug: string): Promise<TaskRunEntry>;
  /** Finds or creates the task runs of children `first` … `first + count - 1`; one promise for each. */
  children(slug: string, first: number, count: number): readonly Promise<TaskRunEntry>[];
  /** Cached states of this task, or of any task with the key, newest first. */
  cachedStates(slug: string, cacheKey: string | null, newerThan: number): Promise<readonly State[]>;
  setTaskState(run: TaskRunEntry, state: State): Promise<Ack>;
  setFlowState(state: State): Promise<Ack>;
  /**
   * The flow run is begun once more in this process: what has no result that was kept is to run again. Left out: the
   * store never refuses a Failed flow run with a Retrying one, as Prefect 3 does for a flow's own retries.
   */
  startOver?(): void;
}

/** Says whether task runs may start. A flow run that is paused starts none; what runs already goes on. */
export interface StartGate {
  /** Null: they may. Else resolves when that may have changed. */
  readonly closed: Promise<void> | null;
  /** Aborts, with a `Leave`, when none starts any more: this process leaves the flow run once what runs is over. */
  readonly leaving: AbortSignal;
}

/** What becomes of a flow run that its process leaves. */
export interface Leave {
  readonly state: State;
  /** The store has it in this state already. */
  readonly isTold: boolean;
}

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves at `time` (epoch milliseconds), or at once when `signal` aborts. */
  until(time: number, signal?: AbortSignal): Promise<void>;
}

export type LogLevel = "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL";

/** One line of the run's log. `name` is Prefect 1.x's logger name: `prefect.CloudTaskRunner`, `prefect.fetch day[3]`. */
export interface LogRecord {
  /** Epoch milliseconds; microseconds are the fraction, where several records were made within one. */
  readonly time: number;
  readonly level: LogLevel;
  readonly name: string;
  readonly message: string;
  readonly taskRunId: string | null;
}

/** Told about everything, in order; must not throw and must not wait. */
export interface RunObserver {
  onTaskState?(run: TaskRunEntry, state: State): void;
  /** A task run that had come to its end in an earlier process, and keeps it. */
  onTaskKept?(run: TaskRunEntry, state: State): void;
  onFlowState?(state: State): void;
  onLog?(record: LogRecord): void;
}
