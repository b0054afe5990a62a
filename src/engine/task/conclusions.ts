import { isFailed, makeState, pending, retrying, type State, unwrap } from "../../state/index.ts";
import type { Cache, CacheEntry } from "../cache/caching.ts";
import { type EngineContext, logTask } from "../plan/engine-context.ts";
import type { TaskRun } from "../plan/task-run.ts";
import type { Attempt } from "./body.ts";
import { aboutToRetry, comingBack } from "./entry-state.ts";
import { concludeBody } from "./outcome.ts";
import { type Transition, transition } from "./transition.ts";
import type { UnacknowledgedSuccesses } from "./unacknowledged.ts";
import { cutOff, type Step, settled, type Verdict } from "./verdict.ts";

/** How often a task run is started again because a host ended under it through the fault of another. */
const mostLosses = 3;

/** The steps after a body: Success or Failed, checkpoint, Cached, Retrying, the next iteration of a loop. */
export class Conclusions {
  readonly #context: EngineContext;
  readonly #cache: Cache;
  readonly #unacknowledged: UnacknowledgedSuccesses;

  constructor(context: EngineContext, cache: Cache, unacknowledged: UnacknowledgedSuccesses) {
    this.#context = context;
    this.#cache = cache;
    this.#unacknowledged = unacknowledged;
  }

  /** Takes what came of an attempt to the state it means, and on to the retry, the next iteration or the cache. */
  async conclude(run: TaskRun, attempt: Attempt, entry: CacheEntry | null): Promise<Step> {
    const context = this.#context;
    if (attempt.kind === "cancelled") return cutOff(run);
    if (attempt.kind === "lost") return this.#lost(run, attempt);
    const { state, retryable } = concludeBody(attempt, run.loopCount, run.runCount, context.clock.now());
    // A body that was cut off has left no error where its value would be.
    if (attempt.kind === "timedOut" || attempt.kind === "crashed")
      context.host.mark(run.handle, "failed", state.message ?? "");
    if (attempt.kind === "success") {
      run.length = attempt.length;
      const early = entry === null ? await this.#unacknowledged.send(run, state) : null;
      if (early !== null) return this.#logEnd(run, early);
    }
    const { maxRetries, retryDelay } = run.task.spec;
    const moved = await transition(context, run, this.#withFuture(run, attempt, state, retryable));
    if (moved.kind !== "entered") return this.after(run, moved);
    if (moved.state.type === "Looped") return this.#loop(run);
    if (entry !== null && attempt.kind === "success" && moved.state.type === "Success") {
      // Prefect: Running, Success, Cached.
      const cached = this.#cache.remember(run, moved.state, entry);
      return cached === null ? this.after(run, moved) : this.end(run, cached);
    }
    if (isFailed(moved.state) && retryable && run.runCount <= maxRetries) {
      logTask(context, run, "WARNING", `attempt ${run.runCount} of ${maxRetries + 1} failed: ${moved.state.message}`);
      return this.#retry(run, retrying(run.runCount, maxRetries, context.clock.now() + retryDelay));
    }
    if (isFailed(moved.state)) logTask(context, run, "ERROR", moved.state.message ?? moved.state.type);
    return this.after(run, moved);
  }

  /** What comes after this state, for a process that has to go on from it. */
  #withFuture(run: TaskRun, attempt: Attempt, state: State, retryable: boolean): State {
    if (attempt.kind === "retry" || attempt.kind === "pause") return comingBack(run, state);
    const retries = isFailed(state) && retryable && run.runCount <= run.task.spec.maxRetries;
    return retries ? aboutToRetry(run, state) : state;
  }

  async #retry(run: TaskRun, state: State): Promise<Verdict> {
    return this.end(run, comingBack(run, state));
  }

  #loop(run: TaskRun): Step {
    Object.assign(run, { loopCount: run.loopCount + 1, loopResult: run.state.result });
    run.state = pending(`Looping task (on loop index ${run.loopCount})`, {
      context: { task_run_count: run.runCount, _loop_count: run.loopCount },
    });
    return { kind: "again" };
  }

  /** Not its fault: it goes to Retrying with the same attempt number, and no retry is spent. */
  async #lost(run: TaskRun, { message: why, suspect }: Extract<Attempt, { kind: "lost" }>): Promise<Verdict> {
    run.lost += 1;
    run.suspect ||= suspect;
    if (run.lost > mostLosses) {
      return this.end(
        run,
        makeState("Failed", `${why} This has happened ${run.lost} times; the task is not started again.`),
      );
    }
    logTask(this.#context, run, "WARNING", `${why} It is started again in a fresh host.`);
    return this.#retry(
      run,
      makeState("Retrying", why, { runCount: run.runCount - 1, startTime: this.#context.clock.now() }),
    );
  }

  /** Enters a state, and says what follows from it. */
  async end(run: TaskRun, state: State): Promise<Verdict> {
    return this.after(run, await transition(this.#context, run, state));
  }

  /** What follows from a transition. */
  after(run: TaskRun, moved: Transition): Verdict {
    if (moved.kind === "left") return settled;
    if (moved.kind === "queued") {
      // It is said once: a limit with many waiting asks each of them again and again.
      if (run.state.type !== "Queued") {
        const until = new Date(moved.until).toISOString();
        logTask(this.#context, run, "INFO", `The API has queued this task run until ${until}.`);
      }
      run.state = makeState("Queued", "The API has queued this task run.", {
        wrapped: unwrap(run.state),
        startTime: moved.until,
      });
      const verdict = this.waitOrLeave(run, moved.until);
      return verdict.kind === "wait" ? { ...verdict, sooner: moved.sooner } : verdict;
    }
    const { type, startTime } = moved.state;
    // Where nobody starts the run again when its time has come, this process waits for it.
    const resumesHere = type === "Paused" && startTime != null && this.#context.gate !== null;
    if (type === "Retrying" || resumesHere) return this.waitOrLeave(run, startTime ?? 0);
    return this.#logEnd(run, moved.state);
  }

  #logEnd(run: TaskRun, state: State): Verdict {
    logTask(this.#context, run, "INFO", `Finished task run for task with final state: '${state.type}'`);
    return settled;
  }

  /** Waits for a moment in this process, or hands the task run back when it is too far away. */
  waitOrLeave(run: TaskRun, until: number): Verdict {
    if (until - this.#context.clock.now() <= this.#context.longestWait) return { kind: "wait", until };
    logTask(this.#context, run, "INFO", `is due at ${new Date(until).toISOString()}; handing it back`);
    return settled;
  }
}
