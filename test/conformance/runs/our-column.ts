import { join } from "node:path";
import { loadArtifact } from "../../../src/artifact/index.ts";
import { parseRunnerEnvironment } from "../../../src/config/index.ts";
import { executeFlowRun } from "../../../src/run/execute/execute.ts";
import { registerStored } from "../../../src/run/register/register.ts";
import { saveTheme, themes } from "../save-theme.ts";
import type { Column } from "./column.ts";

/** The TypeScript graphs, an artifact for each theme, and each run executed as `flow-runner execute` does it, with a host of its own. */
export async function openOurs(apiUrl: string, folder: string): Promise<Column> {
  // Two hundred hosts start from the same code, and find the folder for results in their environment.
  const variables = { NODE_COMPILE_CACHE: join(folder, "compiled"), CONFORMANCE_FOLDER: folder };
  Object.assign(process.env, variables);
  const access = { apiUrl, apiKey: null, tenantId: null, dialect: "1.x" as const };
  const flows = new Map<string, string>();
  for (const theme of themes) {
    const { path, digest } = await saveTheme(theme, folder);
    for (const { graph } of (await loadArtifact(path, { digest })).flows) {
      const stored = { name: graph.name, path, digest };
      const { flowId } = await registerStored(graph, stored, access, { project: "flow-runner", createProject: true });
      flows.set(graph.name, flowId);
    }
  }
  return {
    flows,
    atATime: 2,
    async execute(flowRunId) {
      const config = parseRunnerEnvironment({
        PREFECT__CLOUD__API: apiUrl,
        PREFECT__CONTEXT__FLOW_RUN_ID: flowRunId,
        PREFECT__CLOUD__SEND_FLOW_RUN_LOGS: "false",
        FLOW_RUNNER__TAKEOVER_AFTER: "1ms",
        PREFECT__HOME_DIR: folder,
        HOME: folder,
      });
      await executeFlowRun(config, { observer: {}, signal: new AbortController().signal });
    },
    async close() {
      for (const name of Object.keys(variables)) delete process.env[name];
    },
  };
}
