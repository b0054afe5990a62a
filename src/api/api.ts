import type { Duplex } from "node:stream";
import type { FaultPlan, FaultRule, MetFault, SeenOperation } from "./faults/fault.ts";

export interface ApiOptions {
  /** 0, the default, takes a free one; null: it listens nowhere, and is reached by `connect` alone until `listen`. */
  readonly port?: number | null;
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
  /** Is told of each operation that comes in, with the fault that it meets. */
  readonly seen?: (operation: SeenOperation) => void;
}

/** A running API. */
export interface Api {
  /** `http://127.0.0.1:PORT`, what `PREFECT__CLOUD__API` is set to; where it listens nowhere, a name that no network has. */
  readonly url: string;
  /** What clients must send as `Authorization: Bearer KEY`; null: nothing. */
  readonly key: string | null;
  /** Listens, where it does not yet; resolves with the address. @throws FlowRunnerError `API_ADDRESS_UNUSABLE` */
  readonly listen: () => Promise<string>;
  /** A client's end of a connection to it within this process, over which it is spoken to in HTTP; null: it is down. */
  readonly connect: () => Duplex | null;
  /**
   * Answers a GraphQL operation of 1.x in this process: no request, which no fault meets.
   *
   * @throws Error with what the API says against it
   */
  readonly query: (document: string, variables?: Readonly<Record<string, unknown>>) => unknown;
  /** Lets the scheduler, Lazarus and the zombie killer look now, as they do every 15 seconds: the time may have jumped. */
  readonly lookNow: () => void;
  /** The one tenant of the data file. */
  readonly tenantId: string;
  /** How many HTTP requests have been answered. */
  readonly requests: () => number;
  /** Answers what has begun, then frees the port and the file. */
  readonly close: () => Promise<void>;
  /** How it misbehaves from now on, counted anew; null: not at all. */
  readonly setFaults: (plan: FaultPlan | null) => void;
  /** One way more in which it misbehaves from now on; the others stay as they are. */
  readonly addFault: (rule: FaultRule) => void;
  /** The requests that have met a fault, in order. */
  readonly metFaults: () => readonly MetFault[];
  /**
   * Ends every connection at once, and listens again so many milliseconds later (default: 0) at the same address, where
   * nothing listens meanwhile. What was answered is still there.
   */
  readonly restart: (downFor?: number) => Promise<void>;
}
