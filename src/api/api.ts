export interface ApiOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** The SQLite file that keeps everything, made when it is not there; without one all is gone when the API ends. */
  readonly data?: string;
  /** What clients must send as `Authorization: Bearer KEY`; null, the default, lets everybody in. */
  readonly key?: string | null;
  /** What `query { api { version } }` answers. */
  readonly version?: string;
  /** Epoch milliseconds; the time of states, heartbeats and logs. */
  readonly now?: () => number;
}

/** A running API. */
export interface Api {
  /** `http://127.0.0.1:PORT`; what `PREFECT__CLOUD__API` is set to. */
  readonly url: string;
  /** The one tenant of the data file. */
  readonly tenantId: string;
  /** How many HTTP requests have been answered. */
  readonly requests: () => number;
  /** Answers what has begun, then frees the port and the file. */
  readonly close: () => Promise<void>;
}
