import type { HandlerDescription } from "../state/index.ts";

/** What a host is told once about the run: it fills the context of every task. */
export interface RunDetails {
  /** Null where there is no API. */
  readonly flowRunId: string | null;
  readonly flowRunName: string | null;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Epoch milliseconds. */
  readonly scheduledStart: number;
  /** The run's own context (Prefect: `flow_run.context`), JSON. */
  readonly context: Readonly<Record<string, unknown>>;
  /** The result handler of tasks that have none, neither of their own nor the flow's; null: none. */
  readonly defaultHandler: HandlerDescription | null;
}
