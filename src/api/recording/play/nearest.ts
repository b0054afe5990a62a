import { closestMatch } from "leven";
import type { Element } from "./element.ts";

/** Comparing takes time for each of them, and somebody waits for the answer. */
const mostCompared = 2_000;

/** The title of the nearest other element: of the same kind and run where there is one, else of the same kind. */
export function nearestTitle(element: Element, others: readonly Element[]): string {
  const sameKind = others.filter(({ kind }) => kind === element.kind);
  const sameRun = sameKind.filter(({ run }) => run !== null && run === element.run);
  const [nearest = []] = [sameRun, sameKind, others].filter(({ length }) => length > 0);
  // By keys: long messages would decide it otherwise.
  const key = closestMatch(
    element.key,
    nearest.slice(0, mostCompared).map((other) => other.key),
  );
  return nearest.find((other) => other.key === key)?.title ?? "nothing";
}
