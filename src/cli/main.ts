#!/usr/bin/env node
import { hideKeys } from "./process/hide-keys.ts";
import { launchWords } from "./process/launch-command.ts";

const words = launchWords(process.argv.slice(2));
// Before anything else is loaded, since it may be loaded again.
if (isExecute(words)) hideKeys();
const { endWith } = await import("./process/process-end.ts");
const { asksForJson } = await import("./process/asks-for-json.ts");
await endWith(
  async () => {
    (await import("./process/node-version.ts")).requireNode(process.versions.node);
    if (isExecute(words)) return execute();
    return (await import("./program/index.ts")).runProgram([...process.argv.slice(0, 2), ...words]);
  },
  { json: asksForJson(words) },
);

/** The host boots while the rest of the runner is loaded: both take about as long. */
async function execute(): Promise<number> {
  const { spawnHost } = await import("../host/runner/process/spawn-host.ts");
  const { PREFECT__CONTEXT__FLOW_RUN_ID: id, PREFECT__FLOW_RUN_ID: idOf3 } = process.env;
  const host = id || idOf3 ? spawnHost(process.env) : undefined;
  return (await import("./commands/runs/execute.ts")).executeCommand(host);
}

/**
 * What an agent starts: `execute`, or Prefect's `execute flow-run` and `execute cloud-flow`. It takes no flags, so that
 * the parser of the command line need not be loaded.
 */
function isExecute([command, kind, ...more]: readonly string[]): boolean {
  return command === "execute" && more.length === 0 && [undefined, "flow-run", "cloud-flow"].includes(kind);
}
