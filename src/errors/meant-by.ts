import { closestMatch } from "leven";

/** The name that may have been meant by one that is not there; undefined: none is near. */
export const meantBy = (name: string, known: readonly string[]): string | undefined =>
  closestMatch(name, known, { maxDistance: Math.max(2, Math.ceil(name.length / 3)) });
