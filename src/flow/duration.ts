const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof units;

/** A length of time: a number of milliseconds, or a number with a unit: `"500ms"`, `"10s"`, `"5m"`, `"1.5h"`, `"2d"`. */
export type Duration = number | `${number}${Unit}`;

/**
 * Reads a duration as milliseconds; null when it is none (a negative or infinite number, an unknown unit).
 *
 * @example milliseconds("10s") // 10000
 */
export function milliseconds(duration: unknown): number | null {
  if (typeof duration === "number") return Number.isFinite(duration) && duration >= 0 ? duration : null;
  if (typeof duration !== "string") return null;
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(duration.trim()) ?? [];
  return amount === undefined || unit === undefined ? null : Number(amount) * units[unit as Unit];
}
