import type { Fault, FaultRule } from "../../api/index.ts";
import type { Duration } from "../../flow/index.ts";
import { lengthOf } from "../time/length-of.ts";

/** What a fault is to strike: some of the things that a run asks of an API, or operations by their names in Prefect 1.x. */
export type FaultTarget = keyof typeof targets | (string & {});

const targets = {
  states: ["set_flow_run_states", "set_task_run_states"],
  "task states": ["set_task_run_states"],
  "flow states": ["set_flow_run_states"],
  "task runs": ["get_or_create_task_run_info"],
  heartbeats: ["update_flow_run_heartbeat", "update_task_run_heartbeat"],
  logs: ["write_run_logs"],
} as const satisfies Record<string, readonly string[]>;

/** Which requests, and how many of them. */
export interface FaultOptions {
  /** Default: 1. */
  readonly times?: number;
  /** So many of them are spared first. Default: 0. */
  readonly after?: number;
}

const rule = (target: FaultTarget | null, fault: Fault, { times = 1, after = 0 }: FaultOptions = {}): FaultRule => ({
  fault,
  times,
  after,
  ...(target === null
    ? {}
    : { operations: Object.hasOwn(targets, target) ? targets[target as keyof typeof targets] : [target] }),
});

/** How a test says what is to go wrong between a run and its API. Each strikes once, unless it says how often. */
export const faults = {
  /**
   * Answered with an HTTP status (default 503) instead of being done.
   *
   * @example faults.fail("states", { times: 3, status: 503 })
   */
  fail: (target: FaultTarget, { status = 503, retryAfter, ...options }: FaultOptions & FailOptions = {}): FaultRule =>
    rule(target, { kind: "status", status, ...(retryAfter === undefined ? {} : { retryAfter }) }, options),

  /**
   * Done, and the answer is lost on its way.
   *
   * @example faults.dropAnswer("states")
   */
  dropAnswer: (target: FaultTarget, options?: FaultOptions): FaultRule => rule(target, { kind: "lost" }, options),

  /** Not done: the connection is reset. */
  reset: (target: FaultTarget, options?: FaultOptions): FaultRule => rule(target, { kind: "reset" }, options),

  /** Any other fault that the embedded API knows. */
  meet: (target: FaultTarget, fault: Fault, options?: FaultOptions): FaultRule => rule(target, fault, options),

  /**
   * The API is away for so long from its next request on, or from that after the `after` first ones.
   *
   * @example faults.away("5m")
   */
  away: (duration: Duration, { after = 0 }: Pick<FaultOptions, "after"> = {}): FaultRule => ({
    ...{ fault: { kind: "reset" }, after, lasting: lengthOf(duration) },
  }),
} as const;

interface FailOptions {
  readonly status?: number;
  /** Seconds, told by the answer. */
  readonly retryAfter?: number;
}
