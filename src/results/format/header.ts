import { z } from "zod";
import { beginsRecord, isRecord, recordComma, recordPrefix } from "./record.ts";

/**
 * What every persisted object begins with: one line of text, then the payload. JSON has a form of its own (`record.ts`).
 *
 * ```
 * flow-runner-result {"format":1,"kind":"value","serializer":"structured","compression":"zstd","sha256":"9f86…"}\n
 * …payload…
 * ```
 *
 * - `kind`: `value` (made by `serializer`), `bytes` (a Buffer as it is), `stream` and `file` (bytes as they came).
 * - `sha256` covers the header without this field, then the payload as stored (compressed), so a reader checks an
 *   object before it decompresses or parses anything. A streamed object's hash is known only at its end: there it is
 *   `"trailer"`, and the object's last 73 bytes are `\nsha256=` and 64 hex digits and `\n`.
 */
export const headerSchema = z.strictObject({
  format: z.literal(1),
  kind: z.enum(["value", "bytes", "stream", "file"]),
  /** Null for bytes, which nothing serialized. */
  serializer: z.string().nullable(),
  compression: z.enum(["zstd"]).nullable(),
  /** The file's name, for `file`. */
  name: z.string().optional(),
  sha256: z.union([z.literal("trailer"), z.string().regex(/^[0-9a-f]{64}$/)]),
});
export type Header = z.infer<typeof headerSchema>;

const prefix = "flow-runner-result ";

/** A longer first line is no header: a reader gives up there instead of collecting a foreign object. */
export const maxHeaderBytes = 4096;

/** The header as bytes. */
export function writeHeader(header: Header): Buffer {
  const fields = JSON.stringify(header);
  return Buffer.from(isRecord(header) ? `${recordPrefix}${fields}${recordComma}\n` : `${prefix}${fields}\n`);
}

/** What the hash covers of a header, whatever the order of its fields. */
export function hashedPart({ format, kind, serializer, compression, name }: Header): string {
  return JSON.stringify({ format, kind, serializer, compression, name });
}

/** Parses a first line (without its line feed); a string says what is wrong with it. */
export function parseHeader(line: Buffer): Header | string {
  const text = line.toString("utf8");
  const isInRecord = beginsRecord(line);
  if (isInRecord && !text.endsWith(recordComma)) return "its header does not end as one of a record does";
  if (!isInRecord && !text.startsWith(prefix)) return foreign(line);
  let fields: unknown;
  try {
    fields = JSON.parse(isInRecord ? text.slice(recordPrefix.length, -recordComma.length) : text.slice(prefix.length));
  } catch (error) {
    return `its header is not JSON (${String(error)})`;
  }
  const version = z.looseObject({ format: z.number() }).safeParse(fields);
  if (version.success && version.data.format > 1) {
    return `it has format ${version.data.format}, and this version reads format 1: use a newer flow-runner`;
  }
  const header = headerSchema.safeParse(fields);
  return header.success ? header.data : `its header is wrong (${z.prettifyError(header.error)})`;
}

function foreign(start: Buffer): string {
  if (start.length === 0) return "it is empty";
  if (start[0] === 0x80 || start.subarray(0, 3).toString() === "gAS") {
    return "it is a Python pickle, written by a Prefect flow runner in Python, and not by flow-runner";
  }
  return "it does not begin with a flow-runner result header";
}
