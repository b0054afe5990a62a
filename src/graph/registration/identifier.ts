const keywords: ReadonlySet<string> = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from global " +
    "if import in is lambda nonlocal not or pass raise return try while with yield"
  ).split(" "),
);

/**
 * An edge's key as Prefect 1.x takes it: it cannot load a flow with a key that is no Python identifier, so
 * `query.days.0` becomes `query__days__0` and `from` becomes `from_`.
 */
export function identifier(key: string): string {
  const name = key.replaceAll(".", "__").replace(/[^A-Za-z0-9_]/g, "_");
  if (name === "" || /^[0-9]/.test(name)) return `_${name}`;
  return keywords.has(name) ? `${name}_` : name;
}
