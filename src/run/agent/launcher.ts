import type { StartableRun } from "../../cloud/index.ts";

/** What a launcher has to know of a flow run. */
export type LaunchedRun = Pick<StartableRun, "id" | "flow" | "runConfig">;

/** How an agent starts a flow run: as a process here, in a container, on a cluster. */
export interface Launcher {
  /** The kind of agent that this makes, by the name of Prefect's class. */
  readonly agentType: string;
  /**
   * Starts it.
   *
   * @throws FlowRunnerError when it cannot be started; the message becomes that of the Failed flow run
   */
  launch(run: LaunchedRun): Promise<Launched>;
}

/** A flow run that was started. */
export interface Launched {
  /** For the log: `PID 4711`. */
  readonly description: string;
  readonly ended: Promise<LaunchEnd>;
  /** Ends it by force. */
  kill(): void;
}

/** How what was started has ended. */
export interface LaunchEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The last lines that it printed. */
  readonly output: readonly string[];
}
