/** Where a recording's server listens. */
interface Place {
  readonly port: number;
  readonly host: string;
  /** The recording. */
  readonly path: string;
}

export interface RecordOptions extends Place {
  /** Address of the real server, in any dialect. */
  readonly upstream: string;
  /** Values that are secrets wherever they appear. */
  readonly secrets?: readonly unknown[];
  /** Where proxies and certificates are named. */
  readonly env?: NodeJS.ProcessEnv;
  /** Told what could not be recorded. */
  readonly problem: (text: string) => void;
}

export interface ReplayOptions extends Place {
  /** Told of each request that the recording has no answer to, as the answer says it. */
  readonly unmatched: (message: string) => void;
}

/** A server in the place of the real one. */
export interface ServedConversation {
  readonly url: string;
  readonly close: () => Promise<void>;
}
