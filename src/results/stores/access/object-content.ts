import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { Readable } from "node:stream";
import type { ReadableStream as WebStream } from "node:stream/web";
import { FlowRunnerError } from "../../../errors/index.ts";
import { type Compression, encodeBytes, encodeStream } from "../../format/encode.ts";
import { FileResult, isStream } from "../../values/file-result.ts";
import type { Serializer } from "../../values/serializer.ts";
import type { Content } from "../object-store.ts";

/** An object to be written; `whole` holds it where it is in memory anyway. */
export interface ObjectContent extends Content {
  readonly whole: Buffer | null;
}

/** Turns a result into the content of an object: streams and files stream, Buffers go as they are. */
export async function objectContent(
  value: unknown,
  serializer: Serializer,
  compression: Compression,
): Promise<ObjectContent> {
  if (value instanceof FileResult) return fileContent(value, compression);
  if (isStream(value)) return streamContent(value, compression);
  if (Buffer.isBuffer(value)) {
    return inMemory(await encodeBytes(value, { kind: "bytes", serializer: null, compression }));
  }
  const payload = await serialized(value, serializer);
  return inMemory(await encodeBytes(payload, { kind: "value", serializer: serializer.name, compression }));
}

async function serialized(value: unknown, serializer: Serializer): Promise<Uint8Array> {
  let payload: unknown;
  try {
    payload = await serializer.serialize(value as never);
  } catch (error) {
    throw serializerError(serializer, "serialize", error);
  }
  if (typeof payload === "string") return Buffer.from(payload);
  if (payload instanceof Uint8Array) return payload;
  throw serializerError(serializer, "serialize", new TypeError("it gave back neither text nor bytes"));
}

/** An error of a serializer, with its name; its own clear ones pass as they are. */
export function serializerError(serializer: Serializer, action: string, error: unknown): Error {
  if (error instanceof FlowRunnerError) return error;
  const details = { serializer: serializer.name, action, reason: String(error) };
  return new FlowRunnerError("RESULT_SERIALIZER_FAILED", details, { cause: error });
}

function inMemory(whole: Buffer): ObjectContent {
  const open = (): Readable => Readable.from(slices(whole), { objectMode: false });
  return { whole, size: whole.length, repeatable: true, open };
}

function* slices(bytes: Buffer): Generator<Buffer> {
  const step = 1024 * 1024;
  for (let start = 0; start < bytes.length; start += step) yield bytes.subarray(start, start + step);
}

function streamContent(value: Readable | ReadableStream<Uint8Array>, compression: Compression): ObjectContent {
  const source = value instanceof Readable ? value : Readable.fromWeb(value as unknown as WebStream);
  const open = (): Readable => encodeStream(source, { kind: "stream", compression });
  return { whole: null, size: null, repeatable: false, open };
}

async function fileContent(value: FileResult, compression: Compression): Promise<ObjectContent> {
  const path = resolve(value.path);
  const found = await stat(path).catch((error: unknown) => {
    throw new FlowRunnerError("RESULT_FILE_UNREADABLE", { path, problem: String(error) }, { cause: error });
  });
  if (!found.isFile()) throw new FlowRunnerError("RESULT_FILE_UNREADABLE", { path, problem: "it is not a file" });
  const fields = { kind: "file", compression, name: basename(path) } as const;
  const open = (): Readable => encodeStream(createReadStream(path, { highWaterMark: 256 * 1024 }), fields);
  return { whole: null, size: found.size, repeatable: true, open };
}
