/**
 * Finds what in a value JSON cannot carry, and says where: `$.rows[3].when is a Date`; null when it can carry all.
 */
export function jsonProblem(value: unknown): string | null {
  const ancestors = new Set<object>();

  const visit = (current: unknown, path: string): string | null => {
    if (current === null || typeof current === "string" || typeof current === "boolean") return null;
    if (typeof current === "number") return Number.isFinite(current) ? null : `${path} is ${current}`;
    if (typeof current !== "object")
      return `${path} is ${typeof current === "undefined" ? "undefined" : `a ${typeof current}`}`;
    if (ancestors.has(current)) return `${path} is part of itself`;

    const prototype: unknown = Object.getPrototypeOf(current);
    if (!Array.isArray(current) && prototype !== Object.prototype && prototype !== null) {
      return `${path} is a ${current.constructor?.name ?? "class instance"}`;
    }
    ancestors.add(current);
    const entries: [string, unknown][] = Array.isArray(current)
      ? Array.from(current, (item: unknown, index) => [`${path}[${index}]`, item])
      : Object.entries(current).map(([name, item]) => [`${path}.${name}`, item]);
    for (const [at, item] of entries) {
      const problem = visit(item, at);
      if (problem !== null) return problem;
    }
    ancestors.delete(current);
    return null;
  };

  return visit(value, "$");
}
