import { join } from "node:path";
import { parseRunnerEnvironment } from "../../../src/config/index.ts";
import { executeFlowRun } from "../../../src/run/execute/execute.ts";
import { saveTheme } from "../save-theme.ts";
import type { Column3 } from "./column.ts";

/** The TypeScript graphs, an artifact for each theme, and each run executed as `flow-runner execute` does it, with a host of its own. */
export async function openOurs3(url: string, folder: string, themes: readonly string[]): Promise<Column3> {
  // A hundred hosts start from the same code, and find the folder for results in their environment.
  const variables = { NODE_COMPILE_CACHE: join(folder, "compiled"), CONFORMANCE_FOLDER: folder };
  Object.assign(process.env, variables);
  for (const theme of themes) await saveTheme(theme, folder);
  return {
    atATime: 2,
    async execute(_, flowRunId) {
      const worker = { PREFECT_API_URL: url, PREFECT__FLOW_RUN_ID: flowRunId };
      const here = { PREFECT__HOME_DIR: folder, HOME: folder, PREFECT__CLOUD__SEND_FLOW_RUN_LOGS: "false" };
      const config = parseRunnerEnvironment({ ...worker, ...here });
      try {
        await executeFlowRun(config, { observer: {}, signal: new AbortController().signal });
        return true;
      } catch {
        return false;
      }
    },
    async close() {
      for (const name of Object.keys(variables)) delete process.env[name];
    },
  };
}
