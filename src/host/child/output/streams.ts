import { StringDecoder } from "node:string_decoder";
import type { OutputStream } from "../../protocol/output-pipe.ts";
import { currentRun } from "../current-run.ts";
import type { ExtraLoggers } from "./extra-loggers.ts";
import type { Printer } from "./printer.ts";

/** Whatever is written to `process.stdout` or `process.stderr` goes through the printer, as the running task's. */
export function printThrough(
  printer: Printer,
  stream: NodeJS.WriteStream,
  name: OutputStream,
  loggers: ExtraLoggers,
): void {
  const refuse = stream.write.bind(stream) as (chunk: unknown) => boolean;
  /** A character may come in two writes of bytes, and other tasks may print between them. */
  const decoders = new WeakMap<object, StringDecoder>();
  const decoder = (whose: object): StringDecoder => {
    const found = decoders.get(whose) ?? new StringDecoder("utf8");
    decoders.set(whose, found);
    return found;
  };
  const write = (chunk: unknown, second?: unknown, third?: unknown): boolean => {
    const run = currentRun.getStore();
    const taskRunId = run?.taskRunId ?? null;
    if (typeof chunk === "string" && !isEncoding(second)) {
      const line = loggers.read(chunk);
      if (line === null) printer.print(name, chunk, taskRunId);
      else printer.log({ ...line, time: Date.now(), taskRunId });
    } else if (typeof chunk === "string" || chunk instanceof Uint8Array) {
      const bytes = typeof chunk === "string" ? Buffer.from(chunk, second as BufferEncoding) : chunk;
      printer.print(name, decoder(run ?? stream).write(bytes), taskRunId);
    } else return refuse(chunk);
    const written = typeof second === "function" ? second : third;
    if (typeof written === "function") process.nextTick(written as () => void);
    return true;
  };
  stream.write = write as typeof stream.write;
}

const isEncoding = (value: unknown): boolean => typeof value === "string" && !/^utf-?8$/i.test(value);
