import { makeState, type State, type StoredResult } from "../../state/index.ts";
import { describeError, failureMessage } from "../failure-message.ts";
import { type EngineContext, logTask } from "../plan/engine-context.ts";
import type { TaskRun } from "../plan/task-run.ts";
import type { Probe, ValueRef } from "../ports.ts";
import { bodyRequest } from "../task/body.ts";
import type { Supplier } from "../task/supply.ts";
import { type CacheCircumstances, isInDate, isValidCache, sameWork } from "./cache-validators.ts";

/** What an earlier result means for a task run. */
export type CacheVerdict =
  /** Its value is in the host already. */
  | { readonly kind: "hit"; readonly state: State }
  | { readonly kind: "miss"; readonly entry: CacheEntry | null }
  | { readonly kind: "failed"; readonly message: string };

/** What is remembered with a result that was made just now. */
export interface CacheEntry {
  readonly circumstances: CacheCircumstances;
  /** What the task's cache-key function returned. */
  readonly cacheKey: string | null;
  /** Others that do the same work wait for this; null: it made nothing that can be shared. */
  readonly made: (cached: State | null) => void;
}

const keyInContext = "cache_key";

/** The result of another task run that did the same work, or how to tell of one's own. */
type Joined = { readonly made: null; readonly state: State } | { readonly made: CacheEntry["made"] };

type Probed = Extract<Probe, { kind: "probed" }>;

/** Uses results of earlier runs, and of task runs that do the same work at the same time. */
export class Cache {
  readonly #context: EngineContext;
  readonly #supplier: Supplier;
  readonly #underWay = new Map<string, Promise<State | null>>();

  constructor(context: EngineContext, supplier: Supplier) {
    this.#context = context;
    this.#supplier = supplier;
  }

  concerns({ task: { spec } }: TaskRun): boolean {
    return spec.target !== null || spec.cacheFor !== null;
  }

  /** Looks for a result that may stand for running the body. */
  async look(run: TaskRun, inputs: Record<string, ValueRef>): Promise<CacheVerdict> {
    const probe = await this.#probe(run, inputs);
    if (typeof probe === "string") return { kind: "failed", message: probe };
    const { spec } = run.task;
    // Prefect 1.x: a target replaces the look into the cache.
    if (spec.target !== null) return this.#target(run, probe);
    const { parameters, clock } = this.#context;
    const circumstances = {
      now: clock.now(),
      inputHashes: probe.inputHashes,
      parameters,
      eachChild: run.mapIndex !== null,
    };
    const key = typeof spec.cacheKey === "string" ? spec.cacheKey : null;
    const work = sameWork(spec.cacheValidator, key ?? `${spec.slug} ${probe.cacheKey}`, circumstances);
    const shared = work === null ? null : await this.#join(run, work);
    if (shared?.made === null) return { kind: "hit", state: shared.state };
    const entry: CacheEntry = { circumstances, cacheKey: probe.cacheKey, made: shared?.made ?? (() => undefined) };
    const since = clock.now() - (spec.cacheFor ?? 0);
    const candidates = await this.#context.store.cachedStates(spec.slug, key, since);
    for (const candidate of candidates) {
      // The API knows keys that are fixed; one that a function makes travels in the state.
      if (probe.cacheKey !== null && candidate.context[keyInContext] !== probe.cacheKey) continue;
      if (!(await this.#isValid(run, candidate, circumstances, inputs))) continue;
      const state = await this.#use(run, candidate);
      if (state === null) continue;
      entry.made(state);
      return { kind: "hit", state };
    }
    return { kind: "miss", entry };
  }

  /** Waits while another task run does the same work; when none does, this one is the one that others wait for. */
  async #join(run: TaskRun, work: string): Promise<Joined> {
    for (let other = this.#underWay.get(work); other !== undefined; other = this.#underWay.get(work)) {
      const state = await this.#use(run, await other);
      if (state !== null) return { made: null, state };
      // It made nothing: the first of those who waited takes its place, and the others wait for that one.
      if (this.#underWay.get(work) === other) this.#underWay.delete(work);
    }
    const { promise, resolve } = Promise.withResolvers<State | null>();
    this.#underWay.set(work, promise);
    return { made: resolve };
  }

  /** The state that a fresh result goes into after Success; null when nobody could read it again. */
  remember(run: TaskRun, success: State, { circumstances, cacheKey, made }: CacheEntry): State | null {
    const { cacheFor } = run.task.spec;
    if (success.result === null) {
      logTask(
        this.#context,
        run,
        "WARNING",
        "has cacheFor, and its result is not persisted: nothing is cached. Give it a result handler with checkpointing on.",
      );
      made(null);
      return null;
    }
    const state = makeState("Cached", success.message, {
      result: success.result,
      cachedUntil: this.#context.clock.now() + (cacheFor ?? 0),
      hashedInputs: circumstances.inputHashes,
      cachedParameters: circumstances.parameters,
      context: cacheKey === null ? {} : { [keyInContext]: cacheKey },
    });
    made(state);
    return state;
  }

  async #probe(run: TaskRun, inputs: Record<string, ValueRef>): Promise<Probed | string> {
    for (;;) {
      const probe = await this.#context.host.probe(bodyRequest(this.#context, run, inputs));
      if (probe.kind === "probed") return probe;
      if (probe.kind === "error") return failureMessage("cache", probe.error);
      const failure = await this.#supplier.supply(probe.handles);
      if (failure !== null) return `Failed to retrieve task results: ${failure}.`;
    }
  }

  async #target(run: TaskRun, { target: stored, inputHashes }: Probed): Promise<CacheVerdict> {
    if (stored === null) return { kind: "miss", entry: null };
    const found = makeState("Cached", `Result found at task target ${stored.location}`, {
      result: stored,
      cachedUntil: null,
      hashedInputs: inputHashes,
      cachedParameters: this.#context.parameters,
    });
    const failure = await this.#read(run, stored);
    // The object is there: running the task would write over what somebody may have put there by hand.
    return failure === null
      ? { kind: "hit", state: found }
      : { kind: "failed", message: `The object at the task's target could not be read: ${failure}` };
  }

  async #isValid(
    run: TaskRun,
    cached: State,
    circumstances: CacheCircumstances,
    inputs: Record<string, ValueRef>,
  ): Promise<boolean> {
    const { cacheValidator, slug } = run.task.spec;
    if (cacheValidator.fn !== "custom") return isValidCache(cacheValidator, cached, circumstances);
    if (!isInDate(cached, circumstances.now)) return false;
    const outcome = await this.#context.host.call({ fn: "cacheValidator", slug, cached, inputs });
    if (outcome.kind === "ok") return outcome.fires;
    logTask(
      this.#context,
      run,
      "WARNING",
      `its cache validator failed${outcome.kind === "error" ? `: ${describeError(outcome.error)}` : ""}`,
    );
    return false;
  }

  /** Reads a cached result; null, with a warning, when it is not what it was. */
  async #use(run: TaskRun, cached: State | null): Promise<State | null> {
    if (cached?.result == null) return null;
    const failure = await this.#read(run, cached.result);
    if (failure === null) return cached;
    logTask(this.#context, run, "WARNING", `a cached result could not be used: ${failure}`);
    return null;
  }

  #read(run: TaskRun, stored: StoredResult): Promise<string | null> {
    return this.#context.host.read({ handle: run.handle, slug: run.task.spec.slug, stored });
  }
}
