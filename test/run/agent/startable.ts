import type { DueTaskRun, StartableRun } from "../../../src/cloud/index.ts";
import { makeState, type State } from "../../../src/state/index.ts";

/** A flow run as an agent finds it in the queue. */
export function startable(state: State, more: Partial<StartableRun> = {}): StartableRun {
  return {
    id: "run-1",
    name: "run",
    version: 1,
    state,
    heartbeat: null,
    runConfig: null,
    flow: { id: "flow-1", name: "weather", storage: { type: "Local", flows: { weather: "/w.prefect" } } },
    taskRuns: [],
    ...more,
  };
}

export const scheduledAt = (startTime: number): State => makeState("Scheduled", "Flow run scheduled.", { startTime });

export const dueTask = (state: State, id = "task-1"): DueTaskRun => ({ id, version: 4, state });
