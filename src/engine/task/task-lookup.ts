import { isFinished } from "../../state/index.ts";
import type { EngineContext } from "../plan/engine-context.ts";
import type { TaskRun } from "../plan/task-run.ts";
import type { TaskRunEntry } from "../ports.ts";

/** Children are looked up this many at a time: one request of the API's size instead of one for each. */
const childrenAtOnce = 200;

/** Finds each task run in the store the first time it is to be advanced. */
export class TaskLookup {
  readonly #context: EngineContext;
  readonly #chunks = new Map<string, readonly Promise<TaskRunEntry>[]>();

  constructor(context: EngineContext) {
    this.#context = context;
  }

  /** Gives the task run its entry and the state the store has. */
  async find(run: TaskRun): Promise<void> {
    if (run.entry !== null) return;
    run.entry = await this.#entryOf(run);
    run.state = run.entry.initialState;
    if (isFinished(run.state)) this.#context.observer.onTaskKept?.(run.entry, run.state);
  }

  async #entryOf(run: TaskRun): Promise<TaskRunEntry> {
    const { slug } = run.task.spec;
    if (run.mapIndex === null) return this.#context.store.taskRun(slug);
    const first = run.mapIndex - (run.mapIndex % childrenAtOnce);
    const key = `${slug} ${first}`;
    let chunk = this.#chunks.get(key);
    if (chunk === undefined) {
      const width = this.#context.runsOf(run.task).children?.length ?? 0;
      chunk = this.#context.store.children(slug, first, Math.min(childrenAtOnce, width - first));
      // A child that is never advanced has nobody to hear that it could not be found.
      for (const child of chunk) child.catch(() => undefined);
      this.#chunks.set(key, chunk);
    }
    const entry = chunk[run.mapIndex - first];
    if (entry === undefined) throw new RangeError(`${run.fullName} is outside of the mapped width`);
    return entry;
  }
}
