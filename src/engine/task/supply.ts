import { isFailed, isFinished, isSuccessful, type StoredResult } from "../../state/index.ts";
import type { EngineContext } from "../plan/engine-context.ts";
import type { TaskRun } from "../plan/task-run.ts";
import type { Handle, HandleRange, SeenState } from "../ports.ts";

/** Most results read at once: a reduce over 10,000 persisted children must not open 10,000 connections. */
const readsAtOnce = 16;

/** Runs a finished task's body again, for its value alone. Resolves with null, or with why there is none. */
export type Remake = (run: TaskRun) => Promise<string | null>;

/**
 * Brings values into a host that lacks them: after a resume, after a host was replaced. A value is read from where it
 * was persisted, and what was never persisted is never made up: it follows `onMissingResult`.
 */
export class Supplier {
  readonly #context: EngineContext;
  readonly #remake: Remake;
  /** One fetch for all that ask at the same time. */
  readonly #underWay = new Map<Handle, Promise<string | null>>();

  constructor(context: EngineContext, remake: Remake) {
    this.#context = context;
    this.#remake = remake;
  }

  /** Brings the values of states that user code is about to look at; what a resumed run's host does not hold is read. */
  async bring(seen: readonly SeenState[]): Promise<string | null> {
    const held = seen.filter(({ state }) => isFinished(state)).flatMap(({ handle }) => handle ?? []);
    const measure = await this.#context.host.measure({ list: asRanges(held) });
    return measure.kind === "missing" ? this.supply(measure.handles) : null;
  }

  /** Resolves with null when every value is there, else with the first reason why one is not. */
  async supply(handles: readonly Handle[]): Promise<string | null> {
    const queue = [...handles];
    let failure: string | null = null;
    const worker = async (): Promise<void> => {
      for (let handle = queue.pop(); handle !== undefined && failure === null; handle = queue.pop()) {
        failure ??= await this.#one(handle);
      }
    };
    await Promise.all(Array.from({ length: Math.min(readsAtOnce, handles.length) }, worker));
    return failure;
  }

  #one(handle: Handle): Promise<string | null> {
    const known = this.#underWay.get(handle);
    if (known !== undefined) return known;
    const fetching = this.#fetch(handle).finally(() => this.#underWay.delete(handle));
    this.#underWay.set(handle, fetching);
    return fetching;
  }

  async #fetch(handle: Handle): Promise<string | null> {
    const { host, handles } = this.#context;
    const run = handles.ownerOf(handle);
    if (run === null) return `no task run has the handle ${handle}`;
    const { state } = run;
    if (state.type === "Skipped" || isFailed(state)) {
      host.mark(handle, state.type === "Skipped" ? "skipped" : "failed", state.message ?? state.type);
      return null;
    }
    if (!isSuccessful(state)) return `${run.fullName} is ${state.type} and has no result`;
    if (state.result !== null) return this.read(run, state.result);
    const { kind, onMissingResult } = run.task.spec;
    // Parameters, constants and secrets are made again from what they were made of.
    return kind !== "task" || onMissingResult === "rerun" ? this.#remake(run) : neverPersisted(run);
  }

  /** Reads what a task run has persisted. Resolves with null, or with why it is not to be had. */
  async read(run: TaskRun, stored: StoredResult): Promise<string | null> {
    const failure = await this.#context.host.read({ handle: run.handle, slug: run.task.spec.slug, stored });
    return failure === null ? null : `the result of ${run.fullName} could not be read: ${failure}`;
  }
}

/** Why a value cannot be had, and what to do about it. */
export const neverPersisted = (run: TaskRun): string =>
  `the result of ${run.fullName} was never persisted, and the process that held it has ended. ` +
  'Give the task or the flow a result handler with checkpointing on, or set onMissingResult: "rerun"';

/** Children have consecutive handles, so that thousands of them are one pair of numbers in a frame. */
function asRanges(handles: readonly Handle[]): HandleRange[] {
  const ranges: [first: Handle, count: number][] = [];
  for (const handle of handles) {
    const last = ranges.at(-1);
    if (last !== undefined && last[0] + last[1] === handle) last[1] += 1;
    else ranges.push([handle, 1]);
  }
  return ranges;
}
