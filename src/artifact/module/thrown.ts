import { inspect } from "node:util";

/** What a module threw, in one line, and the place in its author's source, where the stack tells one. */
export function describeThrown(error: unknown): { error: string; at: string | null } {
  if (!(error instanceof Error)) return { error: inspect(error, { depth: 1 }), at: null };
  return { error: `${error.name}: ${error.message}`, at: placeIn(error.stack ?? "") };
}

/** The first frame that is neither Node's nor a package's; a syntax error has its place in the first line instead. */
function placeIn(stack: string): string | null {
  for (const line of stack.split("\n")) {
    const [, place] = /(?:^|[\s(])((?:flow:|file:|\/|[A-Za-z]:[\\/])[^()]+?:\d+)(?::\d+)?\)?$/.exec(line.trim()) ?? [];
    if (place !== undefined && !/[\\/]node_modules[\\/]/.test(place)) return place;
  }
  return null;
}
