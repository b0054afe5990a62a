import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import type { ReadableStream as WebStream } from "node:stream/web";

/** Bytes that are searched at once. */
const windowSize = 2 * 1024 * 1024;
/** Bytes that are searched again with those that follow: what lies across two windows is found up to this length. */
const overlap = 64 * 1024;

/** Throws for bytes that must not be persisted. */
export type Check = (bytes: Buffer) => void;

/** The same stream, which fails where `check` throws. Holds one window, however much passes through. */
export function searchedStream(source: Readable | ReadableStream<Uint8Array>, check: Check): Readable {
  const readable = source instanceof Readable ? source : Readable.fromWeb(source as unknown as WebStream);
  // As objects: chunks that are none of bytes or text are for the reader to refuse.
  return Readable.from(searched(readable, check), { highWaterMark: 4 });
}

/** @throws what `check` throws for the file's content */
export async function searchFile(path: string, check: Check): Promise<void> {
  const source = createReadStream(path, { highWaterMark: 256 * 1024 });
  for await (const _chunk of searched(source, check));
}

async function* searched(source: AsyncIterable<unknown>, check: Check): AsyncGenerator<unknown> {
  const window = Buffer.allocUnsafeSlow(overlap + windowSize);
  let filled = 0;
  const take = (bytes: Buffer): void => {
    for (let at = 0; at < bytes.length; ) {
      const copied = bytes.copy(window, filled, at);
      filled += copied;
      at += copied;
      if (filled < window.length) return;
      check(window);
      filled = window.copy(window, 0, window.length - overlap);
    }
  };
  for await (const chunk of source) {
    if (typeof chunk === "string") take(Buffer.from(chunk));
    else if (chunk instanceof Uint8Array) take(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    yield chunk;
  }
  // Before the end: a reader that has not seen it has nothing complete.
  check(window.subarray(0, filled));
}
