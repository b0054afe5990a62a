import type { ApiCall } from "../../cloud/index.ts";
import type { LocalConfig } from "../../config/index.ts";
import type { TaskRunEntry } from "../../engine/index.ts";
import type { BodyUse } from "../../host/index.ts";
import type { State } from "../../state/index.ts";

export interface TelemetryOptions {
  readonly config: LocalConfig;
  readonly env: NodeJS.ProcessEnv;
  /** When the run began, epoch milliseconds. */
  readonly startedAt: number;
  warn(message: string): void;
}

/** Which flow run it is. */
export interface RunIdentity {
  readonly id: string;
  readonly name: string;
  readonly flow: string;
}

/** Makes spans and metrics of what happens in a run. */
export interface Recorder {
  begin(run: RunIdentity): void;
  /** @param time - epoch milliseconds */
  taskState(run: TaskRunEntry, state: State, time: number): void;
  flowState(state: State, time: number): void;
  used(use: BodyUse): void;
  called(call: ApiCall): void;
  /** @param most - milliseconds to send what is left */
  close(most: number): Promise<void>;
}
