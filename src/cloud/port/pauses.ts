import type { CallOptions } from "./call.ts";

/** What a flow run is to wait for. */
export interface PauseRequest {
  /** The API lets a run pause once under a key, so that a body which runs again goes past what was answered before. */
  readonly key: string;
  /** True: the process ends, and another one is started for the run when it is resumed. */
  readonly suspend: boolean;
  /** Until when it can be resumed, epoch milliseconds; null: for ever. */
  readonly until: number | null;
  /** What who resumes it is asked for; null: nothing. */
  readonly input: PauseInput | null;
  /** Of the state; null: none. */
  readonly message: string | null;
}

export interface PauseInput {
  /** JSON Schema of an object, which the pages make a form of and the API checks the input by. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Markdown, shown above the form. */
  readonly description: string | null;
}

/** What the API says to it. */
export type PauseAnswer =
  | { readonly kind: "paused" }
  /** It was paused under this key before, and resumed. */
  | { readonly kind: "passed" }
  /** It is paused already, under another key. */
  | { readonly kind: "busy" }
  | { readonly kind: "refused"; readonly reason: string };

/** The part of the client port that pauses runs; errors as of `Api`. */
export interface PausesApi {
  /** Pauses or suspends the flow run, which is Running. */
  pause(flowRunId: string, request: PauseRequest, options?: CallOptions): Promise<PauseAnswer>;
  /** What the flow run was resumed with; undefined: with nothing. */
  pauseInput(flowRunId: string, pause: Pick<PauseRequest, "suspend" | "key">, options?: CallOptions): Promise<unknown>;
  /** Makes a suspension of a pause that lasts; false: it cannot be suspended, or is not paused. */
  suspendPaused(flowRunId: string, options?: CallOptions): Promise<boolean>;
}
