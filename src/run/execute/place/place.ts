import type { ApiOptions, FlowRunInfo } from "../../../cloud/index.ts";
import type { Clock } from "../../../engine/index.ts";
import type { FlowGraph } from "../../../graph/index.ts";
import type { ChildHost, ChildHostOptions } from "../../../host/index.ts";
import type { RanWith } from "../load/ran-with.ts";

/** The host of a registered flow, as an execution uses it. */
export interface FlowHost {
  readonly host: RunHost;
  /**
   * Loads the flow that the run is of.
   *
   * @throws FlowRunnerError those of finding and loading it
   */
  load(info: FlowRunInfo): Promise<LoadedFlow>;
}

/** A flow that its host has loaded. */
export interface LoadedFlow {
  readonly graph: FlowGraph;
  /** The run goes on with other code than it was registered with: which; null: with that. */
  readonly replaced: string | null;
  /** What its code is, and what is here of its packages; null: it comes from no artifact. */
  readonly ranWith: RanWith | null;
  /** Sentences about what differs from where it was saved. */
  readonly warnings: readonly string[];
}

export type RunHost = Pick<
  ChildHost,
  "run" | "call" | "measure" | "probe" | "read" | "mark" | "release" | "detail" | "cancel" | "close"
>;

/** What a host tells, and asks. */
export type HostPorts = Pick<ChildHostOptions, "log" | "ask" | "masker" | "runFlow" | "used">;

/** Where an execution takes place: whose time it is, and where the flow's own code runs. */
export interface Place {
  /** The run's own time: a retry, the next attempt to reach an API that is away. */
  readonly clock: Clock;
  /** The time of what goes on beside a run: heartbeats, shipments of its log, looks whether it is cancelled. */
  readonly besideClock: Clock;
  /** Opens a connection to the API; left out: over the network. */
  readonly connect?: ApiOptions["connect"];
  /** Told of each request to the API when it begins, with what settles when it is over. */
  readonly calling?: ApiOptions["calling"];
  openHost(ports: HostPorts): FlowHost;
}
