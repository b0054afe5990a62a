import { readFile } from "node:fs/promises";
import { z } from "zod";
import { FlowRunnerError } from "../../../errors/index.ts";
import { messageOf } from "../../../errors/message-of.ts";
import { type Exchange, exchange, formatVersion, head, parsed } from "./exchange.ts";

/**
 * Reads a recording whole.
 *
 * @throws FlowRunnerError `RECORDING_UNREADABLE`, `RECORDING_FOREIGN`, `RECORDING_NEWER`, `RECORDING_LINE_BROKEN`
 */
export async function readRecording(path: string): Promise<readonly Exchange[]> {
  const [first = "", ...lines] = (await textOf(path)).split("\n");
  const { success, data } = head.safeParse(parsed(first));
  if (!success) throw new FlowRunnerError("RECORDING_FOREIGN", { path });
  if (data.version > formatVersion) {
    throw new FlowRunnerError("RECORDING_NEWER", { path, found: data.version, known: formatVersion });
  }
  return lines.flatMap((line, at) => (line === "" ? [] : [exchangeIn(line, { path, line: at + 2 })]));
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new FlowRunnerError("RECORDING_UNREADABLE", { path, reason: messageOf(error) }, { cause: error });
  }
}

function exchangeIn(text: string, place: { readonly path: string; readonly line: number }): Exchange {
  const value = parsed(text);
  const result = exchange.safeParse(value);
  if (result.success) return result.data;
  const mismatch = z.prettifyError(result.error).replaceAll(/\s+/g, " ");
  const reason = value === undefined ? "it is no JSON, or is cut off" : mismatch;
  throw new FlowRunnerError("RECORDING_LINE_BROKEN", { ...place, reason });
}
