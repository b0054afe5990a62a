import type { Readable } from "node:stream";
import pLimit from "p-limit";

/**
 * Uploads a stream in parts of this many bytes (the last one shorter), two at a time, in order of their index from 0.
 * Resolves with the number of parts; rejects with the first failure of a part or of the source, and uploads no more.
 */
export async function uploadParts(
  source: Readable,
  partBytes: number,
  upload: (index: number, bytes: Buffer) => Promise<void>,
): Promise<number> {
  const slots = pLimit(2);
  const running = new Set<Promise<void>>();
  let count = 0;
  try {
    for await (const bytes of partsOf(source, partBytes)) {
      const index = count++;
      const part: Promise<void> = slots(() => upload(index, bytes)).then(() => void running.delete(part));
      running.add(part);
      if (running.size >= 2) await Promise.race(running);
    }
    await Promise.all(running);
    return count;
  } finally {
    source.destroy();
    await Promise.allSettled(running);
  }
}

async function* partsOf(source: Readable, partBytes: number): AsyncGenerator<Buffer> {
  let part = Buffer.allocUnsafe(partBytes);
  let filled = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    for (let from = 0; from < chunk.length; ) {
      const copied = chunk.copy(part, filled, from);
      filled += copied;
      from += copied;
      if (filled < partBytes) continue;
      yield part;
      part = Buffer.allocUnsafe(partBytes);
      filled = 0;
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}
