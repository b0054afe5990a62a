import type { FaultPlan, MetFault } from "./faults/fault.ts";

export interface ApiOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** The SQLite file that keeps everything, made when it is not there; without one all is gone when the API ends. */
  readonly data?: string;
  /**
   * What clients must send as `Authorization: Bearer KEY`; null lets everybody in. Default: null on this machine's own
   * addresses, a fresh key (see `Api.key`) where others can reach it.
   */
  readonly key?: string | null;
  /** What `query { api { version } }` answers. */
  readonly version?: string;
  /** Epoch milliseconds; the time of states, heartbeats and logs. */
  readonly now?: () => number;
  /** How it misbehaves. Default: not at all. */
  readonly faults?: FaultPlan;
}

/** A running API. */
export interface Api {
  /** `http://127.0.0.1:PORT`; what `PREFECT__CLOUD__API` is set to. */
  readonly url: string;
  /** What clients must send as `Authorization: Bearer KEY`; null: nothing. */
  readonly key: string | null;
  /** The one tenant of the data file. */
  readonly tenantId: string;
  /** How many HTTP requests have been answered. */
  readonly requests: () => number;
  /** Answers what has begun, then frees the port and the file. */
  readonly close: () => Promise<void>;
  /** How it misbehaves from now on, counted anew; null: not at all. */
  readonly setFaults: (plan: FaultPlan | null) => void;
  /** The requests that have met a fault, in order. */
  readonly metFaults: () => readonly MetFault[];
  /**
   * Ends every connection at once, and listens again so many milliseconds later (default: 0) at the same address, where
   * nothing listens meanwhile. What was answered is still there.
   */
  readonly restart: (downFor?: number) => Promise<void>;
}
