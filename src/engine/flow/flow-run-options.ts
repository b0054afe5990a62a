import type { FlowGraph } from "../../graph/index.ts";
import type { CheckpointRule } from "../../results/rules/checkpoint-rule.ts";
import type { State } from "../../state/index.ts";
import type { OnStop } from "../plan/engine-context.ts";
import type { Clock, Handle, Host, RunObserver, RunStore, StartGate } from "../ports.ts";

/** What it takes to run a flow. */
export interface FlowRunOptions {
  readonly graph: FlowGraph;
  readonly host: Host;
  readonly store: RunStore;
  readonly clock: Clock;
  readonly observer: RunObserver;
  /** The state that the store has for the flow run. */
  readonly initialState: State;
  /** How many task runs may be under way at once; from 1. */
  readonly concurrency: number;
  readonly checkpointing: boolean;
  /** Whose rule says which results are persisted; default `1.x`. */
  readonly checkpointRule?: CheckpointRule;
  /** This process alone runs the flow run: task runs that another one left Running are run again; default false. */
  readonly takeover?: boolean;
  /** The run's parameters, defaults included. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /**
   * Aborts when the run is to end before its time, with why: `cancelled` ends the run itself; `lost` says that it is
   * another container's, or over, so that nothing more may be told; `relinquished` leaves it as it is, for the next
   * process; a `Crash` is Crashed; anything else (a signal's name) ends the run as `onStop` says.
   */
  readonly signal: AbortSignal;
  /**
   * For a run that others pause, and that nobody starts again when the time of a task's pause has come. Left out: task
   * runs start as soon as they can.
   */
  readonly gate?: StartGate;
  /** What becomes of a run that is stopped; default `fail`. */
  readonly onStop?: OnStop;
  /** `Cloud` where an API is told about the states. */
  readonly flavour: "Cloud" | "";
  /** Keep every value in the host until the end, for a caller who will ask for results. */
  readonly keepValues: boolean;
  /** Handles of values begin here; default 1. A host that has run the flow before holds those below it. */
  readonly firstHandle?: Handle;
  /** Milliseconds this process waits for a retry; default 10 minutes, as in Prefect 1.x. */
  readonly longestWait?: number;
}
