/**
 * The names and places that a JSON pointer in the form of a URI fragment goes through (RFC 6901).
 *
 * @example pointerSteps("#/days/a~1b") // ["days", "a/b"]
 */
export const pointerSteps = (pointer: string): string[] =>
  pointer
    .split("/")
    .slice(1)
    .map((step) => decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~"));
