import { type Mask, reportError } from "../core/error-report.ts";
import type { Bodies } from "./bodies.ts";
import type { Channel } from "./channel.ts";
import { currentRun } from "./current-run.ts";
import type { Printer } from "./output/printer.ts";

/**
 * Errors that no task awaited, and `process.exit`. Without this they end the host and with it every task that runs in
 * it; with it the task whose code did it is Failed, and the others never notice.
 */
export function watchStrays(channel: Channel, bodies: Bodies, printer: Printer, mask: Mask): void {
  const stray = (error: unknown): void => {
    const run = currentRun.getStore();
    if (run !== undefined && bodies.fail(run.id, error)) return;
    const report = reportError(error, false, mask);
    printer.log({
      time: Date.now(),
      level: "ERROR",
      name: "prefect.host",
      message: `An error that no running task awaited: ${report.stack ?? report.message}`,
      taskRunId: run?.taskRunId ?? null,
    });
  };
  process.on("uncaughtException", stray);
  process.on("unhandledRejection", stray);
  process.on("exit", (code) => {
    const run = currentRun.getStore();
    channel.lastWords({ type: "exiting", code, run: run?.id ?? null });
  });
}
