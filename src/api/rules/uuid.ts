const shape = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/i;

/**
 * An id in the form in which ids are kept: lower case, with dashes.
 *
 * @throws TypeError when it is no UUID. Prefect 1.x: "Could not parse UUID: …".
 */
export function canonicalUuid(value: unknown): string {
  const parts = typeof value === "string" ? shape.exec(value) : null;
  if (parts === null) {
    throw new TypeError(`Could not parse UUID: ${typeof value === "string" ? value : JSON.stringify(value)}`);
  }
  return parts.slice(1).join("-").toLowerCase();
}
