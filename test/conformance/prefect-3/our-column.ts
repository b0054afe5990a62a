import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { saveArtifact } from "../../../src/artifact/index.ts";
import { parseRunnerEnvironment } from "../../../src/config/index.ts";
import { executeFlowRun } from "../../../src/run/execute/execute.ts";
import type { Column3 } from "./column.ts";

const graphsFolder = join(import.meta.dirname, "../graphs");

/** The TypeScript graphs, an artifact for each theme, and each run executed as `flow-runner execute` does it, with a host of its own. */
export async function openOurs3(url: string, folder: string, themes: readonly string[]): Promise<Column3> {
  // A hundred hosts start from the same sources, and find the folder for results in their environment.
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

/** A host loads all of an artifact: the whole table would cost each run as much as all else that it does. */
async function saveTheme(theme: string, folder: string): Promise<void> {
  const flows = join(folder, `${theme}.ts`);
  writeFileSync(
    flows,
    `import * as theme from ${JSON.stringify(join(graphsFolder, theme, "graphs.ts"))};
     export default Object.fromEntries(Object.values(theme).flat().map((flow) => [flow.name, flow]));`,
  );
  await saveArtifact({ flows, output: join(folder, `${theme}.prefect`) });
}
