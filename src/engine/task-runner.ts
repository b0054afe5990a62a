import { errorTable } from "../errors/index.ts";
import { evaluateTrigger } from "../graph/index.ts";
import {
  isFailed,
  makeState,
  pending,
  retrying,
  running,
  type State,
  skipped,
  triggerFailed,
  unwrap,
} from "../state/index.ts";
import { type Attempt, checkpointOf, runBody } from "./body.ts";
import { Cache, type CacheEntry } from "./caching.ts";
import { type EngineContext, logTask } from "./engine-context.ts";
import { aboutToRetry, comingBack, type Entry, enter } from "./entry-state.ts";
import { widthOf } from "./mapping.ts";
import { concludeBody, describeError } from "./outcome.ts";
import { Supplier } from "./supply.ts";
import type { TaskRun } from "./task-run.ts";
import { signalled, type Transition, transition } from "./transition.ts";
import { UnacknowledgedSuccesses } from "./unacknowledged.ts";
import { type UpstreamView, upstreamOf } from "./upstream.ts";

/** What the flow runner does next with a task run. */
export type Verdict =
  /** Finished, or left as it is: downstream tasks may look at it. */
  | { readonly kind: "settled" }
  | { readonly kind: "mapped"; readonly width: number }
  /** Come back at this time (epoch milliseconds); holds no slot meanwhile. */
  | { readonly kind: "wait"; readonly until: number };

const settled: Verdict = { kind: "settled" };

/** How often a task run is started again because a host ended under it through the fault of another. */
const mostLosses = 3;

const upstreamSkipped =
  "Upstream task was skipped; if this was not the intended behavior, consider changing `skip_on_upstream_skip=False` for this task.";

/** Said before the body runs: its work would be lost. Prefect says so after it. */
const withoutHandler = ({ task: { spec } }: TaskRun): string =>
  errorTable.RESULT_NO_HANDLER.message({ task: spec.slug, input: null, trigger: "it says `checkpoint: true`" });

/**
 * Takes one task run as far as it can go: Prefect 1.x's pipeline, in its order. Skip comes before map, cache and
 * trigger; the trigger comes last before Running; Failed is told before Retrying.
 */
export class TaskRunner {
  readonly #context: EngineContext;
  readonly #supplier: Supplier;
  readonly #unacknowledged: UnacknowledgedSuccesses;
  readonly #cache: Cache;

  constructor(context: EngineContext) {
    this.#context = context;
    this.#supplier = new Supplier(context, (run) => this.#remake(run));
    this.#cache = new Cache(context, this.#supplier);
    this.#unacknowledged = new UnacknowledgedSuccesses(context);
  }

  /** Resolves once every state that was sent ahead has been answered. */
  allAcknowledged(): Promise<void> {
    return this.#unacknowledged.all();
  }

  async advance(run: TaskRun): Promise<Verdict> {
    const context = this.#context;
    if (context.signal.aborted) return settled;
    const entry = enter(run.state, context.clock.now(), context.takeover);
    if (entry.kind === "leave") return settled;
    if (entry.kind === "wait") return this.#waitOrLeave(run, entry.until);
    this.#begin(run, entry);
    const upstream = upstreamOf(run, context.runsOf);
    const plain = this.#isPlain(run, upstream);
    if (!plain) await this.#unacknowledged.of(run, upstream);
    const { summary } = upstream;
    if (!summary.allFinished) return settled;
    if (summary.anySkipped && run.task.spec.skipOnUpstreamSkip) return this.#end(run, skipped(upstreamSkipped));
    if (run.task.spec.mapped && run.mapIndex === null) return this.#map(run);
    const cached = this.#cache.concerns(run) ? await this.#cache.look(run, upstream.inputs()) : null;
    if (cached?.kind === "failed") return this.#end(run, makeState("Failed", cached.message));
    if (!plain) {
      const refusal = await this.#trigger(run, upstream);
      if (refusal !== null) {
        if (cached?.kind === "miss") cached.entry?.made(null);
        return this.#end(run, refusal);
      }
    }
    if (cached?.kind === "hit") return this.#end(run, cached.state);
    if (checkpointOf(context, run) === "refuse") return this.#end(run, makeState("Failed", withoutHandler(run)));
    return this.#attempt(run, upstream, cached?.entry ?? null);
  }

  #begin(run: TaskRun, entry: Extract<Entry, { kind: "go" }>): void {
    Object.assign(run, { runCount: entry.runCount, loopCount: entry.loopCount, resume: entry.resume });
    if (entry.loopCount > 1 && run.loopResult === null) run.loopResult = unwrap(run.state).result;
    run.hasLoopResult = entry.loopCount > 1;
  }

  /** Nothing but Running can come next, so Running may travel together with the Success that it builds on. */
  #isPlain(run: TaskRun, upstream: UpstreamView): boolean {
    const { spec } = run.task;
    const { summary } = upstream;
    return (
      spec.trigger.fn === "all_successful" &&
      summary.allSuccessful &&
      !summary.anySkipped &&
      !(spec.mapped && run.mapIndex === null) &&
      !this.#cache.concerns(run)
    );
  }

  /** The state that the trigger sends the task to; null when it fires. */
  async #trigger(run: TaskRun, upstream: UpstreamView): Promise<State | null> {
    const { spec } = run.task;
    if (spec.trigger.fn !== "custom") {
      const verdict = evaluateTrigger(spec.trigger, upstream.summary.states, { resume: run.resume });
      return verdict.fires ? null : verdict.state;
    }
    const outcome = await this.#context.host.call({
      fn: "trigger",
      slug: spec.slug,
      mapIndex: run.mapIndex,
      upstream: upstream.seen(),
    });
    if (outcome.kind === "ok") return outcome.fires ? null : triggerFailed("Trigger failed");
    if (outcome.kind === "signal") return signalled(run, outcome.state);
    return triggerFailed(`Unexpected error while checking task trigger: ${describeError(outcome.error)}`);
  }

  async #map(run: TaskRun): Promise<Verdict> {
    const width = await widthOf(this.#context, run, this.#supplier);
    if (width.kind === "failed") return this.#end(run, makeState("Failed", width.message));
    if (run.state.type !== "Mapped") {
      const mapped = makeState("Mapped", "Ready to proceed with mapping.", { mapCount: width.width });
      const moved = await transition(this.#context, run, mapped);
      if (moved.kind !== "entered" || moved.state.type !== "Mapped") return this.#after(run, moved);
    }
    return { kind: "mapped", width: width.width };
  }

  async #attempt(run: TaskRun, upstream: UpstreamView, entry: CacheEntry | null): Promise<Verdict> {
    const context = this.#context;
    if (run.loopCount === 1) logTask(context, run, "INFO", "Starting task run...");
    const start = running("Starting task run.");
    const first = run.runCount === 1 && run.loopCount === 1;
    const [moved, sound] = await Promise.all([
      transition(context, run, first ? start : comingBack(run, start)),
      this.#unacknowledged.of(run, upstream),
    ]);
    if (moved.kind !== "entered" || moved.state.type !== "Running") {
      entry?.made(null);
      return this.#after(run, moved);
    }
    if (!sound) return this.#takeBack(run);
    const attempt = await runBody(context, run, upstream.inputs(), this.#supplier);
    const verdict = await this.#conclude(run, attempt, entry);
    // Whoever waits for this result must not wait for ever when there is none.
    entry?.made(null);
    return verdict;
  }

  /** A Success that this task was announced upon was refused: no body has started, so it waits again. */
  async #takeBack(run: TaskRun): Promise<Verdict> {
    const again = pending("The result of an upstream task was refused by the API.");
    const moved = await transition(this.#context, run, comingBack(run, again));
    return moved.kind === "entered" ? this.advance(run) : this.#after(run, moved);
  }

  async #conclude(run: TaskRun, attempt: Attempt, entry: CacheEntry | null): Promise<Verdict> {
    const context = this.#context;
    if (attempt.kind === "cancelled") return this.#interrupted(run);
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
    if (moved.kind !== "entered") return this.#after(run, moved);
    if (moved.state.type === "Looped") return this.#loop(run);
    if (entry !== null && attempt.kind === "success" && moved.state.type === "Success") {
      // Prefect: Running, Success, Cached.
      const cached = this.#cache.remember(run, moved.state, entry);
      return cached === null ? this.#after(run, moved) : this.#end(run, cached);
    }
    if (isFailed(moved.state) && retryable && run.runCount <= maxRetries) {
      logTask(context, run, "WARNING", `attempt ${run.runCount} of ${maxRetries + 1} failed: ${moved.state.message}`);
      return this.#retry(run, retrying(run.runCount, maxRetries, context.clock.now() + retryDelay));
    }
    if (isFailed(moved.state)) logTask(context, run, "ERROR", moved.state.message ?? moved.state.type);
    return this.#after(run, moved);
  }

  /** What comes after this state, for a process that has to go on from it. */
  #withFuture(run: TaskRun, attempt: Attempt, state: State, retryable: boolean): State {
    if (attempt.kind === "retry" || attempt.kind === "pause") return comingBack(run, state);
    const retries = isFailed(state) && retryable && run.runCount <= run.task.spec.maxRetries;
    return retries ? aboutToRetry(run, state) : state;
  }

  async #retry(run: TaskRun, state: State): Promise<Verdict> {
    return this.#end(run, comingBack(run, state));
  }

  async #loop(run: TaskRun): Promise<Verdict> {
    Object.assign(run, { loopCount: run.loopCount + 1, loopResult: run.state.result });
    run.state = pending(`Looping task (on loop index ${run.loopCount})`, {
      context: { task_run_count: run.runCount, _loop_count: run.loopCount },
    });
    return this.advance(run);
  }

  /** Not its fault: it goes to Retrying with the same attempt number, and no retry is spent. */
  async #lost(run: TaskRun, { message: why, suspect }: Extract<Attempt, { kind: "lost" }>): Promise<Verdict> {
    run.lost += 1;
    run.suspect ||= suspect;
    if (run.lost > mostLosses) {
      return this.#end(
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

  /** Stopped from outside. On a cancellation the API itself ends what has not finished. */
  async #interrupted(run: TaskRun): Promise<Verdict> {
    if (this.#context.signal.reason === "cancelled") return settled;
    const again = pending("The runner was stopped while the task ran; it starts again with the run.");
    await transition(this.#context, run, comingBack(run, again));
    return settled;
  }

  async #end(run: TaskRun, state: State): Promise<Verdict> {
    return this.#after(run, await transition(this.#context, run, state));
  }

  #after(run: TaskRun, moved: Transition): Verdict {
    if (moved.kind === "left") return settled;
    if (moved.kind === "queued") {
      run.state = makeState("Queued", "The API has queued this task run.", {
        wrapped: run.state,
        startTime: moved.until,
      });
      return this.#waitOrLeave(run, moved.until);
    }
    if (moved.state.type === "Retrying") return this.#waitOrLeave(run, moved.state.startTime ?? 0);
    return this.#logEnd(run, moved.state);
  }

  #logEnd(run: TaskRun, state: State): Verdict {
    logTask(this.#context, run, "INFO", `Finished task run for task with final state: '${state.type}'`);
    return settled;
  }

  #waitOrLeave(run: TaskRun, until: number): Verdict {
    if (until - this.#context.clock.now() <= this.#context.longestWait) return { kind: "wait", until };
    logTask(this.#context, run, "INFO", `is due at ${new Date(until).toISOString()}; handing it back`);
    return settled;
  }

  /** Runs a finished task once more for its value; its states are told as for any attempt. */
  async #remake(run: TaskRun): Promise<string | null> {
    const context = this.#context;
    const { inputs } = upstreamOf(run, context.runsOf);
    if (run.task.spec.kind !== "task") {
      const attempt = await runBody(context, run, inputs(), this.#supplier);
      return attempt.kind === "success" ? null : `${run.fullName} could not be made again (${attempt.kind})`;
    }
    const moved = await transition(
      context,
      run,
      running("Running again: its result is needed and was never persisted."),
    );
    if (moved.kind !== "entered") return `${run.fullName} could not be run again: the API refused it`;
    const attempt = await runBody(context, run, inputs(), this.#supplier);
    if (attempt.kind === "cancelled" || attempt.kind === "lost")
      return `${run.fullName} was stopped while it ran again`;
    const { state } = concludeBody(attempt, run.loopCount, run.runCount, context.clock.now());
    const ended = await transition(context, run, state);
    return ended.kind === "entered" && attempt.kind === "success"
      ? null
      : `${run.fullName} ran again and ended ${state.type}: ${state.message}`;
  }
}
