import { setTimeout } from "node:timers/promises";
import type { FlowRunRow, LogLine, RunsApi } from "../../cloud/index.ts";
import { isFinished, unwrap } from "../../state/index.ts";

/** Milliseconds between two looks at a run that goes on. */
const pace = 1_000;
/** Lines may arrive so much later (milliseconds) than the time they carry says: they are shown all the same. */
const lateness = 30_000;

/**
 * The lines of a run's log, oldest first; with `follow` also those that come, until the run is over.
 *
 * @throws FlowRunnerError those of the API
 */
export async function* followLog(
  api: RunsApi,
  { id }: Pick<FlowRunRow, "id">,
  { follow, signal }: { readonly follow: boolean; readonly signal: AbortSignal },
): AsyncGenerator<LogLine> {
  const shown = new Map<string, number>();
  let newest: number | undefined;
  for (;;) {
    // Looked at before the log: what was written until the end is in the log by then.
    const over = !follow || isFinished(unwrap((await api.flowRunState(id)).state));
    const since = newest === undefined ? {} : { since: newest - lateness };
    for (const line of await api.logLines(id, since)) {
      if (shown.has(line.id)) continue;
      shown.set(line.id, line.time);
      newest = Math.max(newest ?? line.time, line.time);
      yield line;
    }
    if (over || signal.aborted) return;
    for (const [line, time] of shown) if (time < (newest ?? 0) - lateness) shown.delete(line);
    await setTimeout(pace, undefined, { signal }).catch(() => undefined);
  }
}
