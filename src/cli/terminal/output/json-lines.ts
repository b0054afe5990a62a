import { pino } from "pino";
import type { LogLevel, LogRecord, TaskRunEntry } from "../../../engine/index.ts";
import { isFinished, type State } from "../../../state/index.ts";
import type { RunTally, Tally } from "./live/tally.ts";
import type { Output } from "./output.ts";

/** Python's numbers, which are also close to pino's. */
const levelNumbers: Readonly<Record<Lowercase<LogLevel>, number>> = {
  debug: 20,
  info: 30,
  warning: 40,
  error: 50,
  critical: 60,
};

const lower = (level: LogLevel): Lowercase<LogLevel> => level.toLowerCase() as Lowercase<LogLevel>;

/** What is kept for a reader of stdout that does not read, in bytes; beyond it lines are dropped and counted. */
const mostWaiting = 64 * 1024 * 1024;

/** How long the end of the process waits for a reader of stdout that does not read. */
const flushMs = 5_000;

/**
 * One JSON object a line on stdout, for whoever collects a container's log: `time` (epoch milliseconds), `level`
 * (`debug`, `info`, `warning`, `error`, `critical`), `name`, `msg`, `taskRunId` where there is one. Changes of state are
 * `debug` lines that carry `slug`, `mapIndex` and `state`; the last line carries the run's final `state` and `counts`.
 *
 * pino is loaded with this module, beside the run's own start, and writes without blocking: a reader that has stopped
 * reading must not stop the heartbeats.
 */
export function jsonLines(tally: Tally, least: LogLevel): Output {
  const destination = pino.destination({ fd: 1, sync: false, maxLength: mostWaiting });
  let dropped = 0;
  destination.on("drop", () => {
    dropped += 1;
  });
  const ended = Promise.withResolvers<void>();
  destination.once("close", ended.resolve);
  // A reader that has gone, or a full disk, is no reason to end the run; only the latter is worth a word.
  destination.once("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") process.stderr.write(`flow-runner: the log cannot be written: ${error.message}\n`);
  });
  destination.on("error", ended.resolve);
  const log = pino(
    {
      level: lower(least),
      customLevels: levelNumbers,
      useOnlyCustomLevels: true,
      base: null,
      timestamp: false,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return {
    observer: {
      onLog({ time, level, name, message, taskRunId }: LogRecord) {
        log[lower(level)]({ time: Math.floor(time), name, ...(taskRunId === null ? {} : { taskRunId }) }, message);
      },
      onTaskState({ id, slug, mapIndex }: TaskRunEntry, state: State) {
        tally.onTaskState({ id, slug, mapIndex, initialState: state }, state);
        const fields = { slug, ...(mapIndex === null ? {} : { mapIndex }), ...(id === null ? {} : { taskRunId: id }) };
        log.debug({ time: Date.now(), name: "flow-runner", ...fields, state: state.type }, state.message ?? state.type);
      },
      onTaskKept: (run, state) => tally.onTaskKept(run, state),
      onFlowState(state: State) {
        tally.onFlowState(state);
        log.debug({ time: Date.now(), name: "flow-runner", state: state.type }, state.message ?? state.type);
      },
    },
    async close(summary) {
      if (summary) {
        const run = tally.snapshot();
        const over = run.flowState !== null && isFinished(run.flowState);
        log.info(
          { ...closing(run), ...(dropped > 0 && { dropped }) },
          over ? "Flow run is over" : "Flow run is not over",
        );
      }
      destination.end();
      const timer = setTimeout(ended.resolve, flushMs);
      await ended.promise;
      clearTimeout(timer);
      // What nobody has read by now must not keep the process from ending.
      destination.destroy();
    },
  };
}

function closing({ flowState, startedAt, endedAt, counts }: RunTally): Record<string, unknown> {
  return {
    time: Date.now(),
    name: "flow-runner",
    state: flowState?.type ?? null,
    ...(startedAt === null || endedAt === null ? {} : { durationMs: endedAt - startedAt }),
    counts: Object.fromEntries(counts),
  };
}
