/**
 * The key of an edge: the path to a reference within a task's inputs, `query.days.0`. A dot or a backslash inside a
 * name is escaped by a backslash, so that two references never share a key.
 */
export function edgeKey(path: readonly (string | number)[]): string {
  return path.map((segment) => String(segment).replace(/[\\.]/g, "\\$&")).join(".");
}
