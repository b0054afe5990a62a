import type { LogRecord } from "../engine/index.ts";
import type { AskRun, FlowDefinition } from "../flow/index.ts";
import type { State } from "../state/index.ts";
import { HostCore } from "./core/host-core.ts";
import type { MemoryResults } from "./core/values/memory-results.ts";
import type { RunDetails } from "./run-details.ts";

export interface InProcessOptions {
  readonly flow: FlowDefinition;
  readonly details: RunDetails;
  readonly memory: MemoryResults;
  log(record: LogRecord): void;
  /** Answers what the flow's code asks. */
  readonly ask: AskRun;
  runFlow(): Promise<State>;
}

/**
 * A host in this very process, for `flow.run()` and tests. A timeout is soft here: the task is TimedOut on time and its
 * late answer discarded, but code that holds the thread holds everything; `isolated` has no effect.
 */
export function inProcessHost({ flow, details, memory, log, ask, runFlow }: InProcessOptions): HostCore {
  return new HostCore({ flow, details, ports: { log, ask }, scratch: null, memory, runFlow });
}
