import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { FlowRunnerError } from "../../../errors/index.ts";
import type { OpenedObject } from "../../format/decode.ts";
import { FileResult } from "../../values/file-result.ts";
import { builtInSerializers, type Serializer } from "../../values/serializer.ts";
import { serializerError } from "./object-content.ts";

/** Turns an opened object into the value that was written. */
export async function objectValue(
  opened: OpenedObject,
  where: string,
  serializer: Serializer,
  scratch: string | null,
): Promise<unknown> {
  const { kind, name } = opened.header;
  if (kind === "stream") return opened.stream();
  if (kind === "file") return downloaded(opened, name ?? "result", scratch);
  if (kind === "bytes") return opened.bytes();
  const reader = await serializerOf(opened, where, serializer);
  const payload = await opened.bytes();
  try {
    return await reader.deserialize(payload);
  } catch (error) {
    throw serializerError(reader, `read ${where} as`, error);
  }
}

async function serializerOf(opened: OpenedObject, where: string, own: Serializer): Promise<Serializer> {
  const name = opened.header.serializer ?? "";
  if (name === own.name) return own;
  if (name === "json" || name === "structured") return builtInSerializers[name];
  await opened.close();
  throw new FlowRunnerError("RESULT_SERIALIZER_UNKNOWN", { where, serializer: name });
}

/** A copy of a file result, in a folder of its own; the file is there only when it is complete and verified. */
async function downloaded(opened: OpenedObject, name: string, scratch: string | null): Promise<FileResult> {
  const parent = scratch ?? tmpdir();
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, "flow-runner-file-"));
  const path = join(folder, basename(name));
  try {
    await pipeline(await opened.stream(), createWriteStream(path));
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return new FileResult(path);
}
