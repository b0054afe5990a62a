import { checkEnvironment, checkResults, checkSystem, type Finding } from "../checks/index.ts";
import { parseAuthorEnvironment, version } from "../config/index.ts";
import { FlowRunnerError } from "../errors/index.ts";
import { type DescribedFile, type DescribeOptions, describeFile } from "./describe.ts";
import { withConfiguredDefaults } from "./here/configured-defaults.ts";

/**
 * Finds out whether the flows of a file would run in this place: the same Node, everything they import there, every
 * result that must be persisted persistable. The flow's code is loaded in a process of its own.
 *
 * A file that cannot be loaded is a finding, not an error.
 */
export async function checkFile(pathOrName: string, options: DescribeOptions = {}): Promise<Finding[]> {
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
  return [
    ...(manifest === null ? [] : checkSystem({ node: manifest.node, flowRunner: manifest.flowRunner }, here)),
    { check: "load", level: "ok", flow: null, message: `Loaded ${names}; everything they import is there.` },
    ...flows.flatMap((graph) => [...checkResults(graph), checkEnvironment(graph)]),
  ];
}
