import type { RunObserver } from "../../engine/index.ts";

/** Tells two observers of everything, the first one first. */
export function inBoth(first: RunObserver, second: RunObserver): RunObserver {
  return {
    onTaskState: (run, state) => {
      first.onTaskState?.(run, state);
      second.onTaskState?.(run, state);
    },
    onFlowState: (state) => {
      first.onFlowState?.(state);
      second.onFlowState?.(state);
    },
    onLog: (record) => {
      first.onLog?.(record);
      second.onLog?.(record);
    },
  };
}
