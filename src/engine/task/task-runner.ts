import { errorTable } from "../../errors/index.ts";
import { evaluateTrigger } from "../../graph/index.ts";
import { makeState, pending, running, type State, skipped, triggerFailed, unwrap } from "../../state/index.ts";
import { Cache, type CacheEntry } from "../cache/caching.ts";
import { failureMessage } from "../failure-message.ts";
import { type EngineContext, logTask } from "../plan/engine-context.ts";
import { mayStart } from "../plan/may-start.ts";
import type { TaskRun } from "../plan/task-run.ts";
import { type UpstreamView, upstreamOf } from "../plan/upstream.ts";
import type { SeenState } from "../ports.ts";
import { checkpointOf, runBody } from "./body.ts";
import { Conclusions } from "./conclusions.ts";
import { comingBack, type Entry, enter } from "./entry-state.ts";
import { widthOf } from "./mapping.ts";
import { remake } from "./remake.ts";
import { Supplier } from "./supply.ts";
import { signalled, transition } from "./transition.ts";
import { UnacknowledgedSuccesses } from "./unacknowledged.ts";
import { cutOff, type Step, settled, type Verdict } from "./verdict.ts";

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
  readonly #conclusions: Conclusions;

  constructor(context: EngineContext) {
    this.#context = context;
    this.#supplier = new Supplier(context, (run) => remake(context, run, this.#supplier));
    this.#cache = new Cache(context, this.#supplier);
    this.#unacknowledged = new UnacknowledgedSuccesses(context);
    this.#conclusions = new Conclusions(context, this.#cache, this.#unacknowledged);
  }

  /** Resolves once every state that was sent ahead has been answered. */
  allAcknowledged(): Promise<void> {
    return this.#unacknowledged.all();
  }

  /** Brings values that user code is about to look at; resolves with null, or with why one is not to be had. */
  bring(seen: readonly SeenState[]): Promise<string | null> {
    return this.#supplier.bring(seen);
  }

  /** Resolves when nothing more can be done with the task run for now. */
  async advance(run: TaskRun): Promise<Verdict> {
    for (;;) {
      const step = await this.#step(run);
      if (step.kind !== "again") return step;
    }
  }

  async #step(run: TaskRun): Promise<Step> {
    const context = this.#context;
    if (!(await mayStart(context))) return cutOff(run);
    const entry = enter(run.state, context.clock.now(), context.takeover);
    if (entry.kind === "leave") return settled;
    if (entry.kind === "wait") return this.#conclusions.waitOrLeave(run, entry.until);
    this.#begin(run, entry);
    const upstream = upstreamOf(run, context.runsOf);
    const plain = this.#isPlain(run, upstream);
    if (!plain) await this.#unacknowledged.of(run, upstream);
    const { summary } = upstream;
    if (!summary.allFinished) return settled;
    if (summary.anySkipped && run.task.spec.skipOnUpstreamSkip)
      return this.#conclusions.end(run, skipped(upstreamSkipped));
    if (run.task.spec.mapped && run.mapIndex === null) return this.#map(run);
    const cached = this.#cache.concerns(run) ? await this.#cache.look(run, upstream.inputs()) : null;
    if (cached?.kind === "failed") return this.#conclusions.end(run, makeState("Failed", cached.message));
    if (!plain) {
      const refusal = await this.#trigger(run, upstream);
      if (refusal !== null) {
        if (cached?.kind === "miss") cached.entry?.made(null);
        return this.#conclusions.end(run, refusal);
      }
    }
    if (cached?.kind === "hit") return this.#conclusions.end(run, cached.state);
    if (checkpointOf(context, run) === "refuse")
      return this.#conclusions.end(run, makeState("Failed", withoutHandler(run)));
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
      const { resume } = run;
      const hasUpstream = run.task.upstream.length > 0;
      const verdict = evaluateTrigger(spec.trigger, upstream.summary.states, { resume, hasUpstream });
      return verdict.fires ? null : verdict.state;
    }
    const seen = upstream.seen();
    const lost = await this.#supplier.bring(seen);
    if (lost !== null) return triggerFailed(`Failed to retrieve task results: ${lost}.`);
    const outcome = await this.#context.host.call({
      fn: "trigger",
      slug: spec.slug,
      mapIndex: run.mapIndex,
      upstream: seen,
    });
    if (outcome.kind === "ok") return outcome.fires ? null : triggerFailed("Trigger failed");
    if (outcome.kind === "signal") return signalled(run, outcome.state);
    return triggerFailed(failureMessage("trigger", outcome.error));
  }

  async #map(run: TaskRun): Promise<Verdict> {
    const width = await widthOf(this.#context, run, this.#supplier);
    if (width.kind === "failed") return this.#conclusions.end(run, makeState("Failed", width.message));
    if (run.state.type !== "Mapped") {
      const mapped = makeState("Mapped", "Ready to proceed with mapping.", { mapCount: width.width });
      const moved = await transition(this.#context, run, mapped);
      if (moved.kind !== "entered" || moved.state.type !== "Mapped") return this.#conclusions.after(run, moved);
    }
    return { kind: "mapped", width: width.width };
  }

  async #attempt(run: TaskRun, upstream: UpstreamView, entry: CacheEntry | null): Promise<Step> {
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
      return this.#conclusions.after(run, moved);
    }
    if (!sound) return this.#takeBack(run);
    const attempt = await runBody(context, run, upstream.inputs(), this.#supplier);
    const verdict = await this.#conclusions.conclude(run, attempt, entry);
    // Whoever waits for this result must not wait for ever when there is none.
    entry?.made(null);
    return verdict;
  }

  /** A Success that this task was announced upon was refused: no body has started, so it waits again. */
  async #takeBack(run: TaskRun): Promise<Step> {
    const again = pending("The result of an upstream task was refused by the API.");
    const moved = await transition(this.#context, run, comingBack(run, again));
    return moved.kind === "entered" ? { kind: "again" } : this.#conclusions.after(run, moved);
  }
}
