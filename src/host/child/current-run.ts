import { AsyncLocalStorage } from "node:async_hooks";

/** The `run` frame whose body the present code belongs to: what is thrown or printed astray finds its task by it. */
export interface CurrentRun {
  readonly id: number;
  readonly taskRunId: string | null;
}

export const currentRun = new AsyncLocalStorage<CurrentRun>();

/** Where the runner finds it through the inspector when this process does not answer any more. */
Object.defineProperty(globalThis, Symbol.for("flow-runner.current-run"), { value: currentRun });
