import type { State } from "../../state/index.ts";
import type { Api } from "./api.ts";
import type { CallOptions } from "./call.ts";

/** What an agent asks of an API; its requests carry the id under which the API knows it. */
export interface AgentApi
  extends Pick<Api, "address" | "flowRunState" | "taskRunStates" | "submit" | "writeLogs" | "close"> {
  /**
   * Ids of the flow runs that are due until `before` (epoch milliseconds) and meant for an agent with these labels: all
   * labels of the run are the agent's, and a run without labels is one for agents without (Prefect 1.x).
   */
  dueFlowRuns(before: number, options?: CallOptions): Promise<readonly string[]>;
  /** What there is to know of them before they are started. A run whose state cannot be read is left out, with a warning. */
  startableRuns(ids: readonly string[], options?: CallOptions): Promise<readonly StartableRun[]>;
}

/** How an agent makes itself known. */
export interface AgentIdentity {
  /** Prefect's class name, such as `LocalAgent`. */
  readonly type: string;
  readonly name: string;
  readonly labels: readonly string[];
}

/** A flow run that may have to be started. */
export interface StartableRun {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly state: State;
  /** When a container last said that it is alive, epoch milliseconds by the API's clock. */
  readonly heartbeat: number | null;
  readonly runConfig: unknown;
  readonly flow: { readonly id: string; readonly name: string; readonly storage: unknown };
  /** Those of its task runs that have a time at which they are due, and that is past. */
  readonly taskRuns: readonly DueTaskRun[];
}

export interface DueTaskRun {
  readonly id: string;
  readonly version: number;
  readonly state: State;
}
