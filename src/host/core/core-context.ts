import type { LogRecord } from "../../engine/index.ts";
import type { AskRun, FlowDefinition, RunDates, TaskDefinition } from "../../flow/index.ts";
import type { TaskSpec } from "../../graph/index.ts";
import type { State } from "../../state/index.ts";
import type { RunDetails } from "../run-details.ts";
import type { HostSecrets } from "./secrets/host-secrets.ts";
import type { MemoryResults } from "./values/memory-results.ts";
import type { ValueStore } from "./values/value-store.ts";

/** What the host's code can ask of the other side. */
export interface HostPorts {
  log(record: LogRecord): void;
  readonly ask: AskRun;
}

/** What the parts of a host share. */
export interface CoreContext {
  readonly flow: FlowDefinition;
  readonly details: RunDetails;
  /** The days around the run, for every context. */
  readonly dates: RunDates;
  readonly ports: HostPorts;
  readonly values: ValueStore;
  readonly secrets: HostSecrets;
  /** The task behind an input that is a secret: `secretOf("load", "password")`; undefined: it is none. */
  secretOf(slug: string, key: string): TaskSpec | undefined;
  /** Where a handler may put what it downloads; null: nowhere in particular. */
  readonly scratchFolder: string | null;
  /** Values that are kept only in this process. */
  readonly memory: MemoryResults;
  /** Results must be cached here even without a handler (`flow.run()`). */
  readonly cachesInMemory: boolean;
  /** Runs a write when fewer than the most are under way. */
  readonly writes: <T>(write: () => Promise<T>) => Promise<T>;
  /** What `runFlow()` of a custom environment does. */
  readonly runFlow: () => Promise<State>;
  task(slug: string): readonly [TaskDefinition, TaskSpec];
}
