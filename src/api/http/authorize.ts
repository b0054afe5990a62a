import { type Answer, refused } from "./answer.ts";

/**
 * Says no to a request without the key; null lets it in.
 *
 * Prefect 1.x: a client takes `UNAUTHENTICATED` and "Malformed Authorization header" for a wrong key.
 */
export function authorize(key: string | null, header: string | undefined): Answer | null {
  if (key === null) return null;
  if (header === undefined)
    return refused(401, "UNAUTHENTICATED", "Unauthenticated: send the header Authorization: Bearer KEY.");
  const token = /^Bearer +(\S+)$/i.exec(header)?.[1];
  if (token === undefined)
    return refused(401, "UNAUTHENTICATED", "Malformed Authorization header: it is not Bearer KEY.");
  return same(token, key) ? null : refused(401, "UNAUTHENTICATED", "Unauthenticated: this key is not the API's.");
}

/** By hashes, so that the time it takes tells nothing of how much of the key was right. */
function same(token: string, key: string): boolean {
  const { createHash, timingSafeEqual } = process.getBuiltinModule("node:crypto");
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(token), digest(key));
}
