import type { Clock } from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import type { State } from "../../state/index.ts";
import type { Api } from "../port/api.ts";
import type { CachedStatesQuery } from "../port/held-state.ts";

interface Waiting {
  readonly query: CachedStatesQuery;
  readonly resolve: (states: readonly State[]) => void;
  readonly reject: (error: unknown) => void;
}

export interface CachedLookupOptions {
  readonly api: Api;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly warn: (message: string) => void;
}

/** Each may bring a hundred states. */
const queriesAtOnce = 20;
/** Milliseconds for which the children of a mapped task share one answer. */
const sharedFor = 5_000;

/**
 * Asks for cached results, many at a time: the children of a mapped task ask all at once, and those without a key of
 * their own ask the same. A cache that cannot be asked is an empty one: the task can run.
 */
export class CachedLookup {
  readonly #options: CachedLookupOptions;
  readonly #shared = new Map<string, { readonly until: number; readonly states: Promise<readonly State[]> }>();
  #waiting: Waiting[] = [];
  #asking = false;

  constructor(options: CachedLookupOptions) {
    this.#options = options;
  }

  get(query: CachedStatesQuery): Promise<readonly State[]> {
    if (query.cacheKey !== null) return this.#ask(query);
    const now = this.#options.clock.now();
    const shared = this.#shared.get(query.taskId);
    if (shared !== undefined && now < shared.until) return shared.states;
    const states = this.#ask(query);
    this.#shared.set(query.taskId, { until: now + sharedFor, states });
    return states;
  }

  #ask(query: CachedStatesQuery): Promise<readonly State[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ query, resolve, reject });
      if (!this.#asking) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#asking = true;
    while (this.#waiting.length > 0) {
      await new Promise(setImmediate);
      await this.#send(this.#waiting.splice(0, queriesAtOnce));
    }
    this.#asking = false;
  }

  async #send(waiting: readonly Waiting[]): Promise<void> {
    const { api, signal, warn } = this.#options;
    try {
      const answers = await api.cachedStates(
        waiting.map(({ query }) => query),
        { signal },
      );
      waiting.forEach(({ resolve }, at) => {
        resolve(answers[at] ?? []);
      });
    } catch (error) {
      if (error instanceof FlowRunnerError) warn(`Cached results could not be looked up: ${error.message}`);
      for (const { resolve, reject } of waiting) {
        if (error instanceof FlowRunnerError || signal.aborted) resolve([]);
        else reject(error);
      }
    }
  }
}
