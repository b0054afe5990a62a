const loopback = /^(?:localhost|127(?:\.\d+){3}|::1)$/i;

/**
 * The key that requests have to carry: the one that was given, none where that was said; else none on this machine, and
 * a fresh one where others can reach the API.
 */
export function keyFor(given: string | null | undefined, host: string): string | null {
  if (given !== undefined) return given;
  return loopback.test(host) ? null : process.getBuiltinModule("node:crypto").randomBytes(18).toString("base64url");
}
