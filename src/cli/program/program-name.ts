import { basename } from "node:path";

/**
 * `prefect` when the binary was started through a link of that name, as agents of Prefect start it
 * (`prefect execute flow-run`), else `flow-runner`. It only decides what help and messages call the program.
 */
export function programName(script: string | undefined): "prefect" | "flow-runner" {
  return basename(script ?? "").replace(/\.[cm]?[jt]s$/, "") === "prefect" ? "prefect" : "flow-runner";
}
