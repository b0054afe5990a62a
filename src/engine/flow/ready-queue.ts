import type { TaskRun } from "../plan/task-run.ts";

/**
 * Task runs that may take the next free slot, the deepest first: a mapped chain is finished, and its values are let go,
 * before the next one is begun. Within one depth the order is first in, first out.
 */
export class ReadyQueue {
  readonly #byDepth: { runs: TaskRun[]; head: number }[] = [];

  push(run: TaskRun): void {
    const { depth } = run.task;
    while (this.#byDepth.length <= depth) this.#byDepth.push({ runs: [], head: 0 });
    this.#byDepth[depth]?.runs.push(run);
  }

  pop(): TaskRun | undefined {
    for (let depth = this.#byDepth.length - 1; depth >= 0; depth -= 1) {
      const level = this.#byDepth[depth];
      if (level === undefined || level.head >= level.runs.length) continue;
      const run = level.runs[level.head];
      level.head += 1;
      if (level.head === level.runs.length) Object.assign(level, { runs: [], head: 0 });
      return run;
    }
    return undefined;
  }
}
