import { existsSync } from "node:fs";
import { FlowRunnerError } from "../../../errors/index.ts";
import { messageOf } from "../../../errors/message-of.ts";
import { watchSource } from "../../../run/here/watch-source.ts";

/**
 * Does something at once, and again each time that a source is saved, until `signal` aborts. What it throws is said: what
 * is half written does not load, and the next save may.
 *
 * @param act - its signal aborts when it is out of date
 * @throws FlowRunnerError `SOURCE_NOT_FOUND` where there is no such file from the start
 */
export async function atEachSave(
  file: string,
  signal: AbortSignal,
  act: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  if (!existsSync(file)) throw new FlowRunnerError("SOURCE_NOT_FOUND", { file });
  for await (const saved of watchSource(file, signal)) {
    try {
      await act(saved);
    } catch (error) {
      if (!saved.aborted) process.stderr.write(`flow-runner: ${messageOf(error)}\n`);
    }
    if (!saved.aborted) process.stderr.write(`flow-runner: It runs again when ${file} is saved. Ctrl-C ends it.\n`);
  }
}
