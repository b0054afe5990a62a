import type { LogLevel, LogRecord } from "../../../../engine/index.ts";
import { isShown, logLine } from "../../log-line.ts";
import { paintFor } from "../../paint.ts";
import type { Output } from "../output.ts";
import { closingTable } from "./closing-table.ts";
import { drawFrame } from "./frame.ts";
import { counting, type Tally } from "./tally.ts";

/** Milliseconds between two pictures: ten a second look live and cost nothing. */
const redrawMs = 100;
/** More log lines than this between two pictures are counted instead of shown: the log as a whole is with the API. */
const mostLines = 200;

/**
 * A terminal: log lines scroll by above a picture of the run that is drawn anew ten times a second, and the closing
 * table ends it. The runner's own lines about task runs are left out, unless `least` is DEBUG.
 */
export async function live(tally: Tally, least: LogLevel, stream: NodeJS.WriteStream): Promise<Output> {
  const { createLogUpdate } = await import("log-update");
  const update = createLogUpdate(stream);
  const paint = paintFor(stream);
  let lines: string[] = [];
  let dropped = 0;

  const persist = () => {
    if (dropped > 0) lines.push(paint("gray", `… ${dropped} more log lines`));
    if (lines.length > 0) update.persist(lines.join("\n"));
    lines = [];
    dropped = 0;
  };
  const redraw = () => {
    const size = { columns: stream.columns || 80, rows: stream.rows || 24 };
    persist();
    update(drawFrame(tally.snapshot(), size, Date.now(), paint).join("\n"));
  };
  const timer = setInterval(redraw, redrawMs);

  return {
    observer: {
      ...counting(tally),
      onLog(record) {
        if (!isShown(record.level, least) || (least !== "DEBUG" && isInPicture(record))) return;
        if (lines.length < mostLines) lines.push(logLine(record, paint));
        else dropped += 1;
      },
    },
    async close(summary) {
      clearInterval(timer);
      update.clear();
      persist();
      if (summary) update.persist(await closingTable(tally.snapshot(), stream.columns || 80, paint));
      update.done();
    },
  };
}

/** The runner's "Starting task run", twice for each of ten thousand children, is what the picture is there to replace. */
const isInPicture = ({ level, name }: LogRecord): boolean =>
  level === "INFO" && /^prefect\.(Cloud)?TaskRunner$/.test(name);
