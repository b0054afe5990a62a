import type { CacheValidator } from "../../graph/index.ts";
import type { StateView } from "../definition.ts";

/** A cache validator that the engine evaluates by itself. */
export type BuiltInCacheValidator = Exclude<CacheValidator, { fn: "custom" }>;

/** A cache validator of the author's own: whether a Cached state may be used for these inputs and parameters. */
export type CustomCacheValidator = (
  cached: StateView,
  inputs: Readonly<Record<string, unknown>>,
  parameters: Readonly<Record<string, unknown>>,
) => boolean | Promise<boolean>;

/**
 * Whether a cached result may be used again. Prefect 1.x: `prefect.engine.cache_validators`.
 *
 * @example task("fetch", body, { cacheFor: "1h", cacheValidator: cacheValidators.allInputs })
 */
export const cacheValidators = {
  /** The default without `cacheFor`. */
  neverUse: { fn: "never_use" },
  /** The default with `cacheFor`: until the time is over. */
  durationOnly: { fn: "duration_only" },
  /** Only for the same inputs. */
  allInputs: { fn: "all_inputs" },
  /** Only for the same parameters of the flow. */
  allParameters: { fn: "all_parameters" },
  /** Only when these inputs are the same; none named: any. */
  partialInputsOnly: (validateOn: readonly string[] | null = null): BuiltInCacheValidator => ({
    fn: "partial_inputs_only",
    validateOn: validateOn === null ? null : [...validateOn],
  }),
  /** Only when these parameters are the same; none named: any. */
  partialParametersOnly: (validateOn: readonly string[] | null = null): BuiltInCacheValidator => ({
    fn: "partial_parameters_only",
    validateOn: validateOn === null ? null : [...validateOn],
  }),
} as const satisfies Record<
  string,
  BuiltInCacheValidator | ((names?: readonly string[] | null) => BuiltInCacheValidator)
>;

const names: ReadonlySet<unknown> = new Set<BuiltInCacheValidator["fn"]>([
  "never_use",
  "duration_only",
  "all_inputs",
  "all_parameters",
  "partial_inputs_only",
  "partial_parameters_only",
]);

/** What is wrong with a validator that was given without types; null when nothing is. */
export function cacheValidatorProblem(validator: BuiltInCacheValidator | CustomCacheValidator): string | null {
  if (typeof validator === "function" || names.has(validator?.fn)) return null;
  return "it must be one of `cacheValidators`, or a function.";
}
