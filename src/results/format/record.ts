import { z } from "zod";

/**
 * A value of the serializer `json`, uncompressed, is kept as the record that Prefect 3's Python keeps of a result
 * (`ResultRecord`), so that its client reads it, and any reader of JSON. The header is a field of it, alone on the first line:
 *
 * ```
 * {"flow_runner":{"format":1,"kind":"value","serializer":"json","compression":null,"sha256":"9f86…"},\n
 * "metadata":{"serializer":{"type":"json",…}},"result":"{\"a\":[1]}"}
 * ```
 */
export const recordPrefix = '{"flow_runner":';

/** Ends the header's line. */
export const recordComma = ",";

/** JSON as it is: Python's serializer would take an object with `__class__` for one of its own. */
const metadata = { serializer: { type: "json", object_encoder: null, object_decoder: null } };

/** What follows the first line of a record. @param json - the result */
export const recordPayload = (json: Uint8Array): Buffer =>
  Buffer.from(`"metadata":${JSON.stringify(metadata)},"result":${JSON.stringify(Buffer.from(json).toString("utf8"))}}`);

const record = z.looseObject({ result: z.string() });

/** The result in what follows the first line of a record, as JSON; null: there is none. */
export function resultInRecord(payload: Buffer): Buffer | null {
  try {
    return Buffer.from(record.parse(JSON.parse(`{${payload.toString("utf8")}`)).result);
  } catch {
    return null;
  }
}

/** Whether an object's first line is that of a record. */
export const beginsRecord = (line: Buffer): boolean => line.toString("utf8").startsWith(recordPrefix);

/** Whether a value is kept as a record. */
export const isRecord = ({
  kind,
  serializer,
  compression,
}: {
  readonly kind: string;
  readonly serializer: string | null;
  readonly compression: string | null;
}): boolean => kind === "value" && serializer === "json" && compression === null;
