import type { SettingValues } from "./settings.ts";

/** How answers 429 that name no time are waited out. Prefect 1.x: `cloud.rate_limiting`. */
export interface RateLimiting {
  /** Milliseconds of the wait. */
  readonly backoff: number;
  /** The seconds that are added at random are at most `multiplier * exponent ** attempt`, the first attempt being 1. */
  readonly multiplier: number;
  readonly exponent: number;
  /** More attempts after the first. */
  readonly retries: number;
}

type Given = Pick<SettingValues, "rateLimitBackoff" | "rateLimitMultiplier" | "rateLimitExponent" | "rateLimitRetries">;

/** Null when nothing is said. Prefect's own 180 seconds would let a run stand still for what is over in one. */
export function rateLimitingFrom(given: Given): RateLimiting | null {
  if (Object.values(given).every((value) => value === null)) return null;
  return {
    backoff: given.rateLimitBackoff ?? 180_000,
    multiplier: given.rateLimitMultiplier ?? 10,
    exponent: given.rateLimitExponent ?? 2,
    retries: given.rateLimitRetries ?? 6,
  };
}
