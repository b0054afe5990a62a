import { isMapped } from "../../state/index.ts";
import type { EngineContext } from "../plan/engine-context.ts";
import { hasUseForValue } from "../plan/plan.ts";
import type { TaskRun, TaskRuns } from "../plan/task-run.ts";
import { rangeOf } from "../plan/upstream.ts";
import type { HandleRange } from "../ports.ts";

/**
 * Lets go of values that nothing needs any more, so that a run over 100,000 items holds only what is between two steps.
 * Values of tasks that nothing consumes are let go at once, unless `keep` says that somebody will ask for them.
 */
export class Releaser {
  readonly #context: EngineContext;
  readonly #keep: (runs: TaskRuns) => boolean;
  #batch: HandleRange[] = [];

  constructor(context: EngineContext, keep: (runs: TaskRuns) => boolean) {
    this.#context = context;
    this.#keep = keep;
  }

  onSettled(run: TaskRun): void {
    const runs = this.#context.runsOf(run.task);
    if (run.mapIndex !== null) this.#releaseElements(run);
    if (runs.consumersLeft === 0 && !isMapped(run.state)) this.#release(runs, [[run.handle, 1]]);
    if (!runs.done) return;
    for (const edge of run.task.upstream) {
      if (!hasUseForValue(edge)) continue;
      const upstream = this.#context.runsOf(edge.from);
      upstream.consumersLeft -= 1;
      if (upstream.consumersLeft === 0) this.#releaseAll(upstream);
    }
  }

  /** A mapped element goes as soon as all of its own consumers are done, long before its siblings. */
  #releaseElements(run: TaskRun): void {
    for (const edge of run.task.upstream) {
      const upstream = this.#context.runsOf(edge.from);
      const element = edge.mapped && hasUseForValue(edge) ? upstream.children?.[run.mapIndex ?? 0] : undefined;
      if (element === undefined) continue;
      element.consumed += 1;
      const consumers = edge.from.downstream.filter(hasUseForValue);
      if (consumers.every((out) => out.mapped) && element.consumed === consumers.length) {
        this.#release(upstream, [[element.handle, 1]]);
      }
    }
  }

  #releaseAll(runs: TaskRuns): void {
    this.#release(runs, runs.children === null ? [[runs.run.handle, 1]] : rangeOf(runs.children));
  }

  #release(runs: TaskRuns, ranges: readonly HandleRange[]): void {
    if (this.#keep(runs)) return;
    if (this.#batch.length === 0) queueMicrotask(() => this.#flush());
    this.#batch.push(...ranges);
  }

  #flush(): void {
    const ranges = this.#batch;
    this.#batch = [];
    this.#context.host.release(ranges);
  }
}
