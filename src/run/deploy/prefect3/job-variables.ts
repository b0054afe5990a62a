import { fileURLToPath } from "node:url";
import type { WorkPool } from "../../../cloud/index.ts";
import type { Prefect3DeployOptions } from "./options.ts";
import { startsProcesses } from "./work-pool.ts";

/**
 * What a worker needs to know to start a run: the image, or the command. An image is started without one: workers give
 * Prefect's own (`prefect flow-run execute`) to its entry point, which knows it. On a worker's own machine that command
 * would be Python's. There a run finds the flow's packages where the author has them: a worker starts it in an empty folder.
 */
export function jobVariables(
  pool: WorkPool,
  { image, sourceFolder }: { readonly image: string | null; readonly sourceFolder: string | null },
  options: Pick<Prefect3DeployOptions, "command" | "env" | "jobVariables">,
): Readonly<Record<string, unknown>> {
  const { env = {}, jobVariables: own = {} } = options;
  const command = options.command ?? (startsProcesses(pool) ? executeCommand() : undefined);
  const packages = image === null && sourceFolder !== null ? { FLOW_RUNNER__APPLICATION_FOLDER: sourceFolder } : {};
  const variables = { ...packages, ...env, ...(own.env as object | undefined) };
  return {
    ...(image === null ? {} : { image }),
    ...(command === undefined ? {} : { command }),
    ...own,
    ...(Object.keys(variables).length === 0 ? {} : { env: variables }),
  };
}

/** This flow-runner, by this Node: a worker may have another PATH. */
function executeCommand(): string {
  const binary = fileURLToPath(new URL("../../../cli/main.ts", import.meta.url));
  return [process.execPath, binary, "execute"].map(quoted).join(" ");
}

/** Workers part a command into words as a shell does. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./\\-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
