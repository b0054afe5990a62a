import type { Measured } from "./measure.ts";

/** Something that can execute runs of a flow with `count` mapped tasks. */
export interface Contender {
  readonly name: string;
  /** Saves and registers the flow; resolves with the flow's id. */
  register(): Promise<string>;
  execute(flowRunId: string, watchMemory: boolean): Promise<Measured>;
}

/** An API and those who execute runs of it, one after the other. */
export interface Arena {
  /** flow-runner first. */
  readonly contenders: readonly Contender[];
  /** Mapped tasks, where no others are asked for. */
  readonly counts: readonly number[];
  createRun(flowId: string, count: number): Promise<string>;
  /**
   * Waits until the API has stored what it was told of a run of `count` mapped tasks; resolves with null, or with what is
   * wrong with the run.
   */
  problemWith(flowRunId: string, count: number): Promise<string | null>;
  /** How many requests, and messages on a WebSocket, the API has had so far. */
  requests(): number;
  close(): Promise<void>;
}

/** What an arena is opened with. */
export interface ArenaOptions {
  /** For artifacts and settings. */
  readonly folder: string;
  /** Without Prefect's own runner. */
  readonly alone: boolean;
}
