const pattern = /^\nsha256=([0-9a-f]{64})\n$/;

/** Bytes of a streamed object's trailer. */
export const trailerBytes = 73;

export function writeTrailer(sha256: string): Buffer {
  return Buffer.from(`\nsha256=${sha256}\n`);
}

/** The hash in a trailer; null when these bytes are none. */
export function parseTrailer(bytes: Buffer): string | null {
  return pattern.exec(bytes.toString("latin1"))?.[1] ?? null;
}
