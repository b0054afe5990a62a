import type { Mask } from "../core/error-report.ts";
import { currentRun } from "./current-run.ts";

/**
 * Marks what a task prints with its task run, in the bytes themselves. The pipes stay what carries the output, since
 * they hold it even when the process is killed in the next instruction.
 *
 * @param mask - takes out the secrets of what is printed at once: who reads the pipe sees line by line, and of a key of
 *   several lines each alone
 */
export function tagOutput(stream: NodeJS.WriteStream, mask: Mask): void {
  const write = stream.write.bind(stream) as (chunk: unknown, ...rest: unknown[]) => boolean;
  const tagged = (chunk: unknown, ...rest: unknown[]): boolean => {
    if (typeof chunk !== "string") return write(chunk, ...rest);
    const text = mask(chunk);
    const run = currentRun.getStore();
    if (!run?.taskRunId) return write(text, ...rest);
    const tag = outputTag(run.taskRunId);
    // Every line of it, but not the line that somebody else may begin after it.
    return write(tag + text.replace(/\n(?!$)/g, `\n${tag}`), ...rest);
  };
  stream.write = tagged as typeof stream.write;
}

/** `SOH taskRunId STX`: control characters that no text has. */
export const outputTag = (taskRunId: string): string => `\u0001${taskRunId}\u0002`;
