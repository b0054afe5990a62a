import { hash } from "node:crypto";
import type { BodyRequest } from "../../../../engine/index.ts";
import { slugify } from "../../../../graph/index.ts";

/**
 * Numbers the calls of one kind that a body makes, so that the same call has the same name whenever the body runs: with a
 * retry, or in another process. Another iteration of a loop is not the same.
 */
export function callNumbers({ loopCount }: Pick<BodyRequest, "loopCount">): () => string {
  let calls = 0;
  return () => {
    calls += 1;
    return loopCount > 1 ? `${loopCount}.${calls}` : String(calls);
  };
}

/** The API takes no others in the names of what it keeps with a pause. */
export const isPauseKey = (key: string): boolean => /^[a-z0-9-]+$/.test(key);

/** The key of a pause: all of a flow run's share one space. */
export function pauseKey({ slug, mapIndex }: Pick<BodyRequest, "slug" | "mapIndex">, call: string): string {
  const mark = hash("sha256", JSON.stringify([slug, mapIndex, call])).slice(0, 12);
  return `${slugify(slug)}-${mark}`;
}
