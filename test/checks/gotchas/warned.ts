import { loadSource, readFlowCode } from "../../../src/artifact/index.ts";
import { checkGotchas } from "../../../src/checks/index.ts";
import type { FlowGraph } from "../../../src/graph/index.ts";
import { type Project, project } from "../../artifact/project.ts";

export interface Circumstances {
  readonly variables?: NodeJS.ProcessEnv;
  /** Files that the place has, from the project's folder, or absolute. */
  readonly files?: readonly string[];
  readonly flows?: readonly FlowGraph[];
  readonly prepare?: (project: Project) => Promise<unknown>;
}

/** The warnings about a module, as `NAME at LINE: what is wrong`, with `~` for the project's folder. */
export async function warned(source: string, circumstances: Circumstances = {}): Promise<string[]> {
  const { variables = {}, files = [], flows = [], prepare } = circumstances;
  const author = await project({ "flow.ts": source });
  await prepare?.(author);
  const code = await readFlowCode(author.path("flow.ts"), { source: true, applicationFolder: null });
  const there = new Set(files.map((file) => (file.startsWith("/") ? file : author.path(file))));
  return checkGotchas(code, flows, { variables, exists: (path) => there.has(path) }).flatMap(({ message, gotcha }) => {
    const [, line, problem = ""] = /^flow\.ts:(\d+) (.*?)\. [A-Z]/.exec(message) ?? [];
    if (gotcha === undefined) return [];
    return [`${gotcha} at ${line}: ${problem.replaceAll(author.folder, "~").replaceAll(process.cwd(), ".")}`];
  });
}

/** The same for a module that exports flows, which are loaded. */
export async function warnedOfFlows(source: string): Promise<string[]> {
  const author = await project({ "flow.ts": source });
  const { flows } = await loadSource(author.path("flow.ts"));
  return warned(source, { flows: flows.map(({ graph }) => graph) });
}
