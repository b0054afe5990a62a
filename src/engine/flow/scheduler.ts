import { unwrap } from "../../state/index.ts";
import type { EngineContext } from "../plan/engine-context.ts";
import type { PlannedEdge } from "../plan/plan.ts";
import { TaskRun, type TaskRuns } from "../plan/task-run.ts";
import type { Verdict } from "../task/verdict.ts";
import { ReadyQueue } from "./ready-queue.ts";

/** What the scheduler asks of the one who runs tasks. */
export interface Advancer {
  /** Looks the task run up in the store and takes it as far as it goes. */
  advance(run: TaskRun): Promise<Verdict>;
  /** The task run and all that came of it are settled. */
  onSettled(run: TaskRun): void;
}

/**
 * Decides which task run goes next. A task run becomes ready when every upstream has settled; child i of a mapped task
 * needs only child i of a mapped upstream. At most `concurrency` are under way; one that waits for a retry is not.
 */
export class Scheduler {
  readonly #context: EngineContext;
  readonly #advancer: Advancer;
  readonly #concurrency: number;
  /** Aborts when nothing is waited for any more. */
  readonly #ending: AbortSignal;
  readonly #ready = new ReadyQueue();
  readonly #done = Promise.withResolvers<void>();
  #underWay = 0;
  /** After a defect the run is over: nothing is started behind its back. */
  #stopped = false;
  #unsettled = 0;

  constructor(context: EngineContext, advancer: Advancer, concurrency: number) {
    this.#context = context;
    this.#advancer = advancer;
    this.#concurrency = concurrency;
    const { signal, gate } = context;
    this.#ending = gate === null ? signal : AbortSignal.any([signal, gate.leaving]);
  }

  /** Runs everything there is; resolves when every task run has settled, rejects for a defect of the engine. */
  run(): Promise<void> {
    const { tasks } = this.#context.plan;
    this.#unsettled = tasks.length;
    for (const task of tasks) {
      if (task.upstream.length === 0) this.#ready.push(this.#context.runsOf(task).run);
    }
    if (tasks.length === 0) this.#done.resolve();
    this.#pump();
    return this.#done.promise;
  }

  #pump(): void {
    while (this.#underWay < this.#concurrency && !this.#stopped) {
      const run = this.#ready.pop();
      if (run === undefined) return;
      this.#underWay += 1;
      this.#advancer
        .advance(run)
        .then((verdict) => {
          this.#underWay -= 1;
          this.#take(run, verdict);
          this.#pump();
        })
        .catch((defect: unknown) => {
          this.#stopped = true;
          this.#done.reject(defect);
        });
    }
  }

  #take(run: TaskRun, verdict: Verdict): void {
    if (verdict.kind === "settled") this.#settle(run);
    else if (verdict.kind === "mapped") this.#expand(run, verdict.width);
    else void this.#wait(run, verdict);
  }

  async #wait(run: TaskRun, { until, sooner }: Extract<Verdict, { kind: "wait" }>): Promise<void> {
    const { clock } = this.#context;
    const ending = this.#ending;
    const woken = new AbortController();
    void sooner?.then(() => {
      run.state = unwrap(run.state);
      woken.abort();
    });
    await clock.until(until, sooner === undefined ? ending : AbortSignal.any([ending, woken.signal]));
    this.#ready.push(run);
    this.#pump();
  }

  #settle(run: TaskRun): void {
    run.settled = true;
    this.#unsettled -= 1;
    const runs = this.#context.runsOf(run.task);
    if (run.mapIndex !== null) runs.childrenLeft -= 1;
    this.#advancer.onSettled(run);
    for (const edge of run.task.downstream) this.#notify(edge, run, runs);
    if (this.#unsettled === 0) this.#done.resolve();
  }

  #notify(edge: PlannedEdge, run: TaskRun, runs: TaskRuns): void {
    const downstream = this.#context.runsOf(edge.to);
    if (edge.mapped) {
      // A parent may be mapped as soon as its mapped upstream is; each child then waits for its own counterpart.
      if (run.mapIndex === null) this.#oneLess(downstream.run);
      else {
        const child = downstream.children?.[run.mapIndex];
        if (child !== undefined) this.#oneLess(child);
      }
    } else if (runs.done) this.#oneLess(downstream.run);
  }

  #oneLess(run: TaskRun): void {
    run.waitingFor -= 1;
    if (run.waitingFor === 0) this.#ready.push(run);
  }

  #expand(parent: TaskRun, width: number): void {
    const { task } = parent;
    const runs = this.#context.runsOf(task);
    runs.children = this.#context.handles.allot(width, (handle, index) => new TaskRun(task, index, handle));
    runs.childrenLeft = width;
    this.#unsettled += width;
    const mappedUpstreams = task.upstream.flatMap((edge) => {
      const upstream = this.#context.runsOf(edge.from);
      return edge.mapped && upstream.children !== null ? [upstream.children] : [];
    });
    for (const child of runs.children) {
      child.waitingFor = mappedUpstreams.filter((siblings) => siblings[child.mapIndex ?? 0]?.settled === false).length;
      if (child.waitingFor === 0) this.#ready.push(child);
    }
    this.#settle(parent);
  }
}
