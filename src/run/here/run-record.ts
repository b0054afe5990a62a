import type { RunObserver, TaskRunEntry } from "../../engine/index.ts";
import { isFinished, isRunning, type State } from "../../state/index.ts";

/** One task run, as a caller sees it afterwards. */
export interface TaskRunRecord {
  readonly slug: string;
  readonly mapIndex: number | null;
  readonly state: State;
  /** Epoch milliseconds; null: its body never ran. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** Remembers what became of every task run, and passes everything on. */
export class RunRecord implements RunObserver {
  readonly #runs = new Map<TaskRunEntry, TaskRunRecord>();
  readonly #next: RunObserver;

  constructor(next: RunObserver) {
    this.#next = next;
  }

  get taskRuns(): readonly TaskRunRecord[] {
    return [...this.#runs.values()];
  }

  onTaskState(run: TaskRunEntry, state: State): void {
    const before = this.#runs.get(run);
    const now = Date.now();
    this.#runs.set(run, {
      slug: run.slug,
      mapIndex: run.mapIndex,
      state,
      startedAt: before?.startedAt ?? (isRunning(state) ? now : null),
      endedAt: isFinished(state) ? now : null,
    });
    this.#next.onTaskState?.(run, state);
  }

  onFlowState(state: State): void {
    // The flow's own retry: all its tasks run again.
    if (state.type === "Retrying") this.#runs.clear();
    this.#next.onFlowState?.(state);
  }

  onLog(record: Parameters<NonNullable<RunObserver["onLog"]>>[0]): void {
    this.#next.onLog?.(record);
  }
}
