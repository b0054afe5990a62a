/**
 * The sentence about an option that does not exist; null when all do. Flows are run without being compiled, so a slip of
 * the pen (`maxRetires`) would otherwise be an option that silently does nothing.
 */
export function unknownOption(
  given: object,
  known: Readonly<Record<string, true>>,
): { name: string; problem: string } | null {
  const name = Object.keys(given).find((candidate) => !Object.hasOwn(known, candidate));
  if (name === undefined) return null;
  return { name, problem: `there is no such option. There are: ${Object.keys(known).join(", ")}.` };
}
