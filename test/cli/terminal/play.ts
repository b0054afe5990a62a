import type { OutputOptions } from "../../../src/cli/terminal/output/open-output.ts";
import { openOutput } from "../../../src/cli/terminal/output/open-output.ts";
import { outputFormats } from "../../../src/config/index.ts";
import { run, state } from "./events.ts";

/**
 * Plays a run of some thousand mapped children to an output, as the engine would, so that a test sees what a process
 * prints. Arguments: format, number of children, milliseconds between a tenth of them, `quiet` or `debug`.
 */
const [format = "auto", children = "10", pause = "0", mode] = process.argv.slice(2);
const output = openOutput({
  format: outputFormats.find((name) => name === format) ?? "auto",
  level: mode === "debug" ? "DEBUG" : "INFO",
  quiet: mode === "quiet",
  stream: process.stdout as OutputOptions["stream"],
  env: process.env,
});
const { observer } = output;
const log = (level: "DEBUG" | "INFO" | "ERROR", message: string, taskRunId: string | null = null) =>
  observer.onLog?.({ time: 1_700_000_000_000, level, name: "prefect.fetch", message, taskRunId });

observer.onFlowState?.(state("Running"));
log("INFO", "Beginning flow run");
log("DEBUG", "a detail");
observer.onLog?.({
  time: 1_700_000_000_000,
  level: "INFO",
  name: "prefect.CloudTaskRunner",
  message: "Starting task run",
  taskRunId: null,
});
observer.onTaskState?.(run("days"), state("Success"));
const total = Number(children);
observer.onTaskState?.(run("fetch-1"), state("Mapped", null, { mapCount: total }));
for (let index = 0; index < total; index += 1) {
  observer.onTaskState?.(run("fetch-1", index), state("Running"));
  observer.onTaskState?.(run("fetch-1", index), index === 3 ? state("Failed", "no data") : state("Success"));
  if (index % Math.ceil(total / 10) === 0 && pause !== "0") {
    await new Promise((resolve) => setTimeout(resolve, Number(pause)));
  }
}
log("ERROR", "the fetch of \u001b[31mday 3\u001b[0m failed\nsecond line", "run-3");
observer.onFlowState?.(state("Failed", "Some reference tasks failed."));
await output.close(true);
process.exit(0);
