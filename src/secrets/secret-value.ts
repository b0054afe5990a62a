/**
 * What a secret's text means: a text that parses as JSON is what it says (`"42"` is 42, `{"a":1}` an object), another
 * one is itself. Prefect: `json.loads` with the text as fallback, for every source. Other than there, a whole number
 * that JavaScript would round (an account number of 20 digits) stays a text.
 */
export function parseSecret(value: unknown): unknown {
  if (typeof value !== "string") return value;
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    return value;
  }
  return typeof parsed === "number" && !Number.isSafeInteger(parsed) && /^\s*-?\d+\s*$/.test(value) ? value : parsed;
}
