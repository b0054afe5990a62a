import { batchBytes, sizeOf } from "../logs/log-size.ts";
import { writeLogs } from "../logs/write-logs.ts";
import type { Api } from "../port/api.ts";
import { deliverStates } from "./deliver-states.ts";
import { type FileLine, readKeptFile, writeKeptFile } from "./kept-file.ts";
import type { KeptLine } from "./kept-line.ts";

/** What has become of the lines of a file. */
export interface FileDelivery {
  /** Told now, or known to the API already. */
  readonly states: number;
  readonly logs: number;
  /** Lines that stay in the file. */
  readonly left: number;
  /** Why, each once. */
  readonly reasons: readonly string[];
}

interface Of<Kind extends KeptLine["kind"]> {
  readonly line: FileLine;
  readonly kept: Extract<KeptLine, { readonly kind: Kind }>;
}

/**
 * Tells an API what a run could not, from the file that it has kept it in, and leaves in the file what the API does not
 * take. States that it has already are not told again. A log line may be there twice when its answer got lost: Prefect's
 * logs have no key.
 *
 * @throws FlowRunnerError `KEPT_FILE_UNREADABLE`, and those of `Api`; what was not told by then is still in the file
 */
export async function deliverFile(api: Api, file: string): Promise<FileDelivery> {
  const lines = readKeptFile(file);
  const states = lines.flatMap((line): Of<"state">[] =>
    line.kept?.kind === "state" ? [{ line, kept: line.kept }] : [],
  );
  const logs = lines.flatMap((line): Of<"log">[] => (line.kept?.kind === "log" ? [{ line, kept: line.kept }] : []));
  const left = new Map<FileLine, string>(lines.map((line) => [line, "a line is torn"]));
  const isTold = ({ line }: Of<"state"> | Of<"log">): boolean => !left.has(line);
  try {
    await tellStates(api, states, left);
    await tellLogs(api, logs, left);
  } finally {
    if (left.size < lines.length) writeKeptFile(file, [...left.keys()]);
  }
  const reasons = [...new Set(left.values())];
  return { states: states.filter(isTold).length, logs: logs.filter(isTold).length, left: left.size, reasons };
}

/** Containers of one run, one after the other, may have left theirs in the same file. */
async function tellStates(api: Api, states: readonly Of<"state">[], left: Map<FileLine, string>): Promise<void> {
  const byTeller = Map.groupBy(states, ({ kept: { teller } }) => `${teller.flowRunId} ${teller.runnerId}`);
  for (const own of byTeller.values()) {
    const [first] = own;
    if (first === undefined) continue;
    const answer = await deliverStates(
      api,
      first.kept.teller,
      own.map(({ kept }) => kept.undelivered),
    );
    // What was told before a state that is left stays with it: by that the next time knows the run for our own.
    const reasons = new Map(answer.map(({ undelivered, reason }) => [undelivered.taskRunId, reason]));
    for (const { line, kept } of own) {
      const reason = reasons.get(kept.undelivered.taskRunId);
      if (reason === undefined) left.delete(line);
      else left.set(line, reason);
    }
  }
}

async function tellLogs(api: Api, logs: readonly Of<"log">[], left: Map<FileLine, string>): Promise<void> {
  for (const batch of batches(logs)) {
    const [first] = batch;
    if (first === undefined) continue;
    await writeLogs(
      api,
      first.kept.flowRunId,
      batch.map(({ kept }) => kept.record),
    );
    for (const { line } of batch) left.delete(line);
  }
}

/** In order; each of one run, and small enough for a request. */
function batches(logs: readonly Of<"log">[]): readonly Of<"log">[][] {
  const all: Of<"log">[][] = [];
  let bytes = 0;
  for (const log of logs) {
    const last = all.at(-1);
    const size = sizeOf(log.kept.record);
    if (last?.[0]?.kept.flowRunId === log.kept.flowRunId && bytes + size <= batchBytes) {
      last.push(log);
      bytes += size;
    } else {
      all.push([log]);
      bytes = size;
    }
  }
  return all;
}
