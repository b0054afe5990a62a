const time = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?/g;
/** What a client draws by lot or measures, and which of several takes a slot first. */
const chance = new Set(["idempotency_key", "idempotencyKey", "transition_id", "occupancy_seconds", "holder"]);

/** The same for the same request at another time: JSON without times and random keys, its own keys sorted. */
export const withoutChance = (value: unknown): string =>
  sortedJson(value, (key, inner) => {
    if (chance.has(key)) return "KEY";
    return typeof inner === "string" ? inner.replaceAll(time, "TIME") : inner;
  });

/** JSON with sorted keys, since their order says nothing. */
export function sortedJson(
  value: unknown,
  each: (key: string, inner: unknown) => unknown = (_, inner) => inner,
): string {
  return JSON.stringify(value, (key: string, inner: unknown) => {
    const seen = each(key, inner);
    if (typeof seen !== "object" || seen === null || Array.isArray(seen)) return seen;
    return Object.fromEntries(Object.entries(seen).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
