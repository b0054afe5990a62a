import type { LogRecord } from "../../engine/index.ts";

/** Prefect 1.x: one message may have so many characters. */
const longestMessage = 1_000_000;
/** Prefect 1.x closes a batch here; its server takes 4 MB at most. */
export const batchBytes = 3_000_000;
/** A control character as an escape within an escape. */
const mostBytesOfACharacter = 7;

/** Bytes of a record in a request: the message is JSON within JSON there. */
export function sizeOf({ name, message }: LogRecord): number {
  return Buffer.byteLength(JSON.stringify(JSON.stringify(message))) + Buffer.byteLength(name) + 260;
}

/** A record that fits into a request. What is cut off is said in the message; the beginning and the end are kept. */
export function cutToFit(record: LogRecord): LogRecord {
  if (record.message.length * mostBytesOfACharacter < batchBytes - 1_000) return record;
  let keep = longestMessage;
  let cut = record;
  while (cut.message.length > longestMessage || (keep > 0 && sizeOf(cut) > batchBytes)) {
    const removed = record.message.length - keep + 200;
    const begin = record.message.slice(0, keep - 10_200);
    const end = record.message.slice(-10_000);
    cut = { ...record, message: `${begin}\n… ${removed} characters were cut out of this log message …\n${end}` };
    keep = Math.floor(keep / 2);
  }
  return cut;
}
