import type { LogRecord } from "../../../engine/index.ts";
import { printable } from "../../terminal/words.ts";

/** What a flow's module prints while it is only loaded, not run: to stderr, so that stdout holds the answer alone. */
export function moduleOutput({ message }: LogRecord): void {
  process.stderr.write(`${printable(message)}\n`);
}
