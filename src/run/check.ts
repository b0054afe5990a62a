import { existsSync } from "node:fs";
import { readFlowCode } from "../artifact/index.ts";
import {
  checkEnvironment,
  checkGotchas,
  checkResults,
  checkSecrets,
  checkSystem,
  type Finding,
  gotchas,
} from "../checks/index.ts";
import { parseAuthorEnvironment, version } from "../config/index.ts";
import { FlowRunnerError } from "../errors/index.ts";
import { messageOf } from "../errors/message-of.ts";
import type { FlowGraph } from "../graph/index.ts";
import { type DescribedFile, type DescribeOptions, describeFile } from "./describe.ts";
import { withConfiguredDefaults } from "./here/configured-defaults.ts";

export interface CheckOptions extends DescribeOptions {
  /** Names of gotchas that are not told. */
  readonly ignore?: readonly string[];
}

/**
 * Finds out whether the flows of a file would run in this place: the same Node, everything they import there, every
 * result that must be persisted persistable, and nothing in their code that holds only where they were written. The
 * flow's code is loaded in a process of its own.
 *
 * A file that cannot be loaded is a finding, not an error.
 *
 * @throws FlowRunnerError `OPTION_INVALID` for a gotcha that there is not
 */
export async function checkFile(pathOrName: string, options: CheckOptions = {}): Promise<Finding[]> {
  const { ignore = [] } = options;
  refuseUnknownGotchas("--ignore", ignore);
  let file: DescribedFile;
  try {
    file = await describeFile(pathOrName, options);
  } catch (error) {
    if (!(error instanceof FlowRunnerError)) throw error;
    return [{ check: "load", level: "error", flow: options.flow ?? null, message: `${error.message} [${error.code}]` }];
  }
  const { manifest } = file;
  const config = parseAuthorEnvironment(process.env);
  const flows = file.flows.map((graph) => withConfiguredDefaults(graph, config));
  const here = { node: process.version, flowRunner: version };
  const names = flows.map(({ name }) => `"${name}"`).join(", ");
  const findings = [
    ...(manifest === null ? [] : checkSystem({ node: manifest.node, flowRunner: manifest.flowRunner }, here)),
    { check: "load", level: "ok", flow: null, message: `Loaded ${names}; everything they import is there.` } as const,
    ...flows.flatMap((graph) => [...checkResults(graph), checkSecrets(graph), checkEnvironment(graph)]),
    ...(await gotchasOf(file, flows, config.applicationFolder)),
  ];
  return findings.filter(({ gotcha }) => gotcha === undefined || !ignore.includes(gotcha));
}

/** Code that cannot be read stops no flow that could be loaded. */
async function gotchasOf(
  { path, source }: DescribedFile,
  flows: readonly FlowGraph[],
  applicationFolder: string | null,
): Promise<Finding[]> {
  try {
    const code = await readFlowCode(path, { source, applicationFolder });
    return checkGotchas(code, flows, { variables: process.env, exists: existsSync });
  } catch (error) {
    if (!(error instanceof FlowRunnerError || error instanceof SyntaxError)) throw error;
    const message = `The code was not read for gotchas: ${messageOf(error)}`;
    return [{ check: "gotchas", level: "warning", flow: null, message }];
  }
}

/** @throws FlowRunnerError `OPTION_INVALID` that names those that there are */
export function refuseUnknownGotchas(option: string, ignored: readonly string[]): void {
  const names = gotchas.map(({ name }) => name);
  const value = ignored.find((name) => !names.includes(name));
  if (value !== undefined) throw new FlowRunnerError("OPTION_INVALID", { option, value, allowed: names.join(", ") });
}
