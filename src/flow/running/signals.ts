import { FlowRunnerError } from "../../errors/index.ts";
import type { Duration } from "../duration.ts";
import { milliseconds } from "../duration.ts";
import { context, inRun } from "./context.ts";

export type SignalKind = "FAIL" | "SKIP" | "SUCCESS" | "RETRY" | "PAUSE" | "LOOP" | "TRIGGERFAIL";

const brand = Symbol.for("flow-runner.signal");

export interface SignalOptions {
  /** The result that goes with the state; left out: none. */
  readonly result?: unknown;
  /** Epoch milliseconds. */
  readonly startTime?: number | null;
}

/**
 * A state that user code asks for by throwing. `signals` makes them; a task that catches everything must let them
 * pass: `if (isSignal(error)) throw error`.
 */
export class Signal extends Error {
  override readonly name = "Signal";
  readonly kind: SignalKind;
  readonly hasResult: boolean;
  readonly result: unknown;
  /** RETRY and PAUSE: epoch milliseconds; null: now for RETRY, until resumed by hand for PAUSE. */
  readonly startTime: number | null;

  /** @param message Empty: the state's usual message. */
  constructor(kind: SignalKind, message = "", options: SignalOptions = {}) {
    super(message);
    this.kind = kind;
    this.hasResult = "result" in options;
    this.result = options.result;
    this.startTime = options.startTime ?? null;
    Object.defineProperty(this, brand, { value: true });
  }
}

export const isSignal = (error: unknown): error is Signal =>
  typeof error === "object" && error !== null && brand in error;

/** When to go on: a moment, or how long from now. Left out: now for a retry, until resumed by hand for a pause. */
export interface StartOptions {
  readonly at?: Date;
  readonly after?: Duration;
}

/** The result that goes with a state. */
export interface ResultOption {
  readonly result?: unknown;
}

/**
 * Ends a task in a state of its own choosing. Each throws: nothing after the call runs (except for a `pause` that was
 * resumed). Also for triggers and state handlers. Prefect 1.x: `prefect.engine.signals`.
 *
 * The message, where it is left out, is the state's usual one.
 */
export interface Signals {
  /** Failed; retried like any failure where retries remain. */
  fail(message?: string, options?: ResultOption): never;

  /** Skipped, and with it the tasks below that have not set `skipOnUpstreamSkip: false`. */
  skip(message?: string, options?: ResultOption): never;

  /** Success, with this result. */
  success(message?: string, options?: ResultOption): never;

  /** Another attempt, whatever `maxRetries` says. */
  retry(message?: string, start?: StartOptions): never;

  /**
   * Paused until it is resumed by hand, or until the moment given. The body then runs again from its beginning, and the
   * same call lets it pass. Prefect 1.x: `pause_task`.
   */
  pause(message?: string, start?: StartOptions): void;

  /**
   * Runs the body again, as the next iteration: there `context.loopResult` is this result and `context.loopCount` is one
   * higher.
   *
   * @example
   * ```ts
   * const page = await fetchPage(context.loopCount);
   * const rows = [...((context.loopResult as Row[] | undefined) ?? []), ...page.rows];
   * if (page.more) signals.loop({ result: rows });
   * return rows;
   * ```
   */
  loop(options: { readonly result: unknown; readonly message?: string }): never;

  /** TriggerFailed. For custom triggers that want to say why; in a body it is retried like any failure (Prefect 1.x). */
  triggerFail(message?: string): never;
}

/** @example if (rows.length === 0) signals.skip("no readings on this day"); */
// The annotation lets the compiler see that what follows such a call is unreachable.
export const signals: Signals = {
  fail: (message, options) => raise("FAIL", message, options),
  skip: (message, options) => raise("SKIP", message, options),
  success: (message, options) => raise("SUCCESS", message, options),
  retry: (message, start) => raise("RETRY", message, { startTime: startTime("retry", start) }),
  pause: (message, start) => {
    if (!inRun() || !context.resume) raise("PAUSE", message, { startTime: startTime("pause", start) });
  },
  loop: ({ result, message }) => raise("LOOP", message, { result }),
  triggerFail: (message) => raise("TRIGGERFAIL", message),
};

function raise(kind: SignalKind, message?: string, options?: SignalOptions): never {
  throw new Signal(kind, message, options);
}

function startTime(signal: string, { at, after }: StartOptions = {}): number | null {
  if (at !== undefined) {
    if (!Number.isNaN(at.getTime())) return at.getTime();
    throw new FlowRunnerError("SIGNAL_TIME_INVALID", { signal, option: "at", given: String(at) });
  }
  if (after === undefined) return null;
  const delay = milliseconds(after);
  if (delay !== null) return Date.now() + delay;
  throw new FlowRunnerError("SIGNAL_TIME_INVALID", { signal, option: "after", given: String(after) });
}
