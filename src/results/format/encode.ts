import { createHash, type Hash } from "node:crypto";
import { pipeline, Readable } from "node:stream";
import { promisify } from "node:util";
import { FlowRunnerError } from "../../errors/index.ts";
import { kindOf } from "../values/kind-of.ts";
import { garbageCollector } from "./collect-garbage.ts";
import { type Header, hashedPart, writeHeader } from "./header.ts";
import { isRecord, recordPayload } from "./record.ts";
import { writeTrailer } from "./trailer.ts";

export type Compression = "zstd" | null;

/** A whole object in memory: header and payload. */
export async function encodeBytes(
  payload: Uint8Array,
  fields: { readonly kind: "value" | "bytes"; readonly serializer: string | null; readonly compression: Compression },
): Promise<Buffer> {
  const whole = isRecord(fields) ? recordPayload(payload) : payload;
  const stored = fields.compression === "zstd" ? await compress(whole) : whole;
  const header: Header = { format: 1, ...fields, sha256: "trailer" };
  const sha256 = startHash(header).update(stored).digest("hex");
  return Buffer.concat([writeHeader({ ...header, sha256 }), stored]);
}

/** An object whose payload streams through: header, payload, trailer. Holds no more than a few chunks. */
export function encodeStream(
  source: Readable,
  fields: { readonly kind: "stream" | "file"; readonly compression: Compression; readonly name?: string },
): Readable {
  const header: Header = { format: 1, serializer: null, ...fields, sha256: "trailer" };
  return Readable.from(objectChunks(source, header), { objectMode: false });
}

async function* objectChunks(source: Readable, header: Header): AsyncGenerator<Buffer> {
  const hash = startHash(header);
  const collect = garbageCollector();
  yield writeHeader(header);
  for await (const chunk of header.compression === "zstd" ? await compressing(source) : source) {
    const bytes = toBytes(chunk);
    hash.update(bytes);
    yield bytes;
    collect(bytes.length);
  }
  yield writeTrailer(hash.digest("hex"));
}

function toBytes(chunk: unknown): Buffer {
  if (typeof chunk === "string") return Buffer.from(chunk);
  if (chunk instanceof Uint8Array) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  throw new FlowRunnerError("RESULT_NOT_CLONEABLE", {
    path: "$",
    what: `a stream of objects (a chunk is ${kindOf(chunk)}), where a stream of bytes or text can be kept`,
  });
}

/** The hash of an object, begun with the part of its header that is covered. */
export function startHash(header: Header): Hash {
  return createHash("sha256").update(hashedPart(header));
}

async function compress(payload: Uint8Array): Promise<Buffer> {
  const { zstdCompress } = await import("node:zlib");
  return promisify(zstdCompress)(payload);
}

async function compressing(source: Readable): Promise<Readable> {
  const { createZstdCompress } = await import("node:zlib");
  const bytes = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of source) yield toBytes(chunk);
  };
  // An error of the source reaches the reader through the compressor, which pipeline destroys with it.
  return pipeline(Readable.from(bytes(), { objectMode: false }), createZstdCompress(), () => undefined);
}
