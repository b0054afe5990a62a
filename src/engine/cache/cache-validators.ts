import { isDeepStrictEqual } from "node:util";
import type { CacheValidator } from "../../graph/index.ts";
import type { State } from "../../state/index.ts";

/** What a cached result is held against. */
export interface CacheCircumstances {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly inputHashes: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, unknown>>;
  /**
   * A child of a mapped task: its inputs must agree whatever the validator says. Prefect gives every child the result
   * of whichever was cached first.
   */
  readonly eachChild: boolean;
}

type BuiltIn = Exclude<CacheValidator, { fn: "custom" }>;

/** Whether a cached state is in date: `cachedUntil` null never expires. */
export const isInDate = (cached: State, now: number): boolean => cached.cachedUntil == null || cached.cachedUntil > now;

/**
 * Whether a cached state may stand for running the task. Prefect 0.7 and 1.x: `prefect.engine.cache_validators`; a
 * partial validator without names is always valid within the time.
 */
export function isValidCache(validator: BuiltIn, cached: State, circumstances: CacheCircumstances): boolean {
  const { now, inputHashes, parameters, eachChild } = circumstances;
  if (validator.fn === "never_use" || !isInDate(cached, now)) return false;
  if (eachChild && !isDeepStrictEqual(cached.hashedInputs ?? {}, inputHashes)) return false;
  switch (validator.fn) {
    case "duration_only":
      return true;
    case "all_inputs":
      return isDeepStrictEqual(cached.hashedInputs ?? {}, inputHashes);
    case "all_parameters":
      return isDeepStrictEqual(cached.cachedParameters ?? {}, parameters);
    case "partial_inputs_only":
      return agree(validator.validateOn, cached.hashedInputs ?? {}, inputHashes);
    case "partial_parameters_only":
      return agree(validator.validateOn, cached.cachedParameters ?? {}, parameters);
  }
}

function agree(
  names: readonly string[] | null,
  then: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
): boolean {
  return (names ?? []).every((name) => isDeepStrictEqual(then[name], now[name]));
}

/** What two tasks of one run must share for the second to wait for the first; null: nothing makes them alike. */
export function sameWork(
  validator: CacheValidator,
  key: string,
  { inputHashes, eachChild }: CacheCircumstances,
): string | null {
  const all = (): string => JSON.stringify([key, Object.entries(inputHashes).sort()]);
  switch (validator.fn) {
    case "never_use":
    case "custom":
      return null;
    case "all_inputs":
      return all();
    case "partial_inputs_only":
      return eachChild
        ? all()
        : JSON.stringify([key, (validator.validateOn ?? []).map((name) => inputHashes[name] ?? null)]);
    // The parameters are the same throughout a run.
    case "duration_only":
    case "all_parameters":
    case "partial_parameters_only":
      return eachChild ? all() : key;
  }
}
