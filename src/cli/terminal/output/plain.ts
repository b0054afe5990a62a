import type { LogLevel } from "../../../engine/index.ts";
import { isShown, logLine } from "../log-line.ts";
import { paintFor } from "../paint.ts";
import { closingTable } from "./live/closing-table.ts";
import { counting, type Tally } from "./live/tally.ts";
import type { Output } from "./output.ts";

/** Lines for a reader, without a live picture: terminals that cannot move the cursor, and `--format plain`. */
export function plain(tally: Tally, least: LogLevel, stream: NodeJS.WriteStream): Output {
  const paint = paintFor(stream);
  return {
    observer: {
      ...counting(tally),
      onLog(record) {
        if (isShown(record.level, least)) stream.write(`${logLine(record, paint)}\n`);
      },
    },
    async close(summary) {
      if (summary) stream.write(`${await closingTable(tally.snapshot(), stream.columns || 100, paint)}\n`);
    },
  };
}
