import { pipeline, Readable } from "node:stream";
import { promisify } from "node:util";
import { FlowRunnerError } from "../../errors/index.ts";
import { garbageCollector } from "./collect-garbage.ts";
import { startHash } from "./encode.ts";
import { type Header, maxHeaderBytes, parseHeader } from "./header.ts";
import { beginsRecord, resultInRecord } from "./record.ts";
import { parseTrailer, trailerBytes } from "./trailer.ts";

/** An object whose header was read; its payload follows, still unread, and can be taken once. */
export interface OpenedObject {
  readonly header: Header;
  /** The whole payload, verified and decompressed; for `value` and `bytes`. */
  bytes(): Promise<Buffer>;
  /**
   * The payload as it comes, decompressed; for `stream` and `file`. The hash is known only at the end: a reader has the
   * whole content when the stream ends without an error, and discards what it has when it fails (`RESULT_DAMAGED`).
   */
  stream(): Promise<Readable>;
  /** Gives the payload up unread. */
  close(): Promise<void>;
}

/** Reads an object's header and gives access to its payload. `where` names it in errors (`RESULT_DAMAGED`). */
export async function decode(source: AsyncIterable<Uint8Array>, where: string): Promise<OpenedObject> {
  const chunks = source[Symbol.asyncIterator]();
  const { line, rest } = await firstLine(chunks);
  const header = parseHeader(line);
  const close = async (): Promise<void> => {
    await chunks.return?.();
  };
  if (typeof header === "string") {
    await close();
    throw damaged(where, header);
  }
  const refuse = (problem: string): never => {
    throw damaged(where, problem);
  };
  const payload = (): AsyncGenerator<Buffer> => verified(header, remaining(rest, chunks), where);
  return {
    header,
    bytes: async () => {
      const stored = Buffer.concat(await Array.fromAsync(payload()));
      if (beginsRecord(line)) return resultInRecord(stored) ?? refuse("it is a record without a result");
      return header.compression === "zstd" ? decompress(stored, where) : stored;
    },
    stream: async () => {
      const stored = Readable.from(payload(), { objectMode: false });
      return header.compression === "zstd" ? decompressing(stored, where) : stored;
    },
    close,
  };
}

const damaged = (where: string, problem: string): FlowRunnerError =>
  new FlowRunnerError("RESULT_DAMAGED", { where, problem });

async function firstLine(chunks: AsyncIterator<Uint8Array>): Promise<{ line: Buffer; rest: Buffer }> {
  let collected = Buffer.alloc(0);
  while (true) {
    const end = collected.indexOf("\n");
    if (end >= 0) return { line: collected.subarray(0, end), rest: collected.subarray(end + 1) };
    if (collected.length > maxHeaderBytes) return { line: collected, rest: Buffer.alloc(0) };
    const next = await chunks.next();
    if (next.done === true) return { line: collected, rest: Buffer.alloc(0) };
    collected = Buffer.concat([collected, next.value]);
  }
}

async function* remaining(first: Buffer, chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Buffer> {
  try {
    if (first.length > 0) yield first;
    while (true) {
      const next = await chunks.next();
      if (next.done === true) return;
      yield Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    }
  } finally {
    await chunks.return?.();
  }
}

/** Passes the payload on and fails at its end unless it is exactly what was written. */
async function* verified(header: Header, chunks: AsyncGenerator<Buffer>, where: string): AsyncGenerator<Buffer> {
  const hash = startHash(header);
  const collect = garbageCollector();
  let trailer: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const { passed, held } =
      header.sha256 === "trailer" ? holdBack(trailer, chunk) : { passed: [chunk], held: trailer };
    trailer = held;
    for (const bytes of passed) {
      hash.update(bytes);
      yield bytes;
      if (header.sha256 === "trailer") collect(bytes.length);
    }
  }
  const expected = header.sha256 === "trailer" ? parseTrailer(trailer) : header.sha256;
  if (expected === null) throw damaged(where, "its end is missing (it was cut off, or never completely written)");
  const actual = hash.digest("hex");
  if (actual !== expected) throw damaged(where, `its content has sha256 ${actual}, and its header says ${expected}`);
}

/** Keeps back what may be the trailer. A large chunk passes uncopied: copies would double a stream's garbage. */
function holdBack(held: Buffer, chunk: Buffer): { readonly passed: readonly Buffer[]; readonly held: Buffer } {
  const long = chunk.length >= trailerBytes;
  const whole = long ? chunk : Buffer.concat([held, chunk]);
  const until = Math.max(0, whole.length - trailerBytes);
  const passed = [long ? held : Buffer.alloc(0), whole.subarray(0, until)];
  return { passed: passed.filter(({ length }) => length > 0), held: Buffer.from(whole.subarray(until)) };
}

async function decompress(stored: Buffer, where: string): Promise<Buffer> {
  const { zstdDecompress } = await import("node:zlib");
  return promisify(zstdDecompress)(stored).catch((error: unknown) => {
    throw notCompressed(error, where);
  });
}

/** The decompressor may stumble over a damaged byte before the hash at the end tells of it. */
async function decompressing(stored: Readable, where: string): Promise<Readable> {
  const { createZstdDecompress } = await import("node:zlib");
  // An error of the source reaches the reader through the decompressor, which pipeline destroys with it.
  const inflating = pipeline(stored, createZstdDecompress(), () => undefined);
  const chunks = async function* (): AsyncGenerator<Buffer> {
    try {
      yield* inflating as AsyncIterable<Buffer>;
    } catch (error) {
      throw notCompressed(error, where);
    }
  };
  return Readable.from(chunks(), { objectMode: false });
}

function notCompressed(error: unknown, where: string): Error {
  const isZstd = error instanceof Error && /^Z(STD)?_/.test(String(Reflect.get(error, "code")));
  if (!isZstd) return error instanceof Error ? error : new Error(String(error));
  return damaged(where, `it is no zstd data (${error.message})`);
}
