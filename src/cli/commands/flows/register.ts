import { readFile } from "node:fs/promises";
import { ExitCode, FlowRunnerError } from "../../../errors/index.ts";
import { messageOf } from "../../../errors/message-of.ts";
import { describeArtifact, flowFile } from "../../../run/describe.ts";
import { type Registration, registerStored } from "../../../run/register/register.ts";
import type { RunConfig } from "../../../run/register/run-config.ts";
import { saveFlow } from "../../../run/save.ts";
import { accessFor } from "../../options/access.ts";
import type { RegisterFlags } from "../../options/flow-options.ts";
import { printResult } from "../../terminal/print-result.ts";
import { moduleOutput } from "./module-output.ts";

/**
 * `register FILE`: prints the id of each flow that was registered, one a line, and says on stderr what that did. A
 * source is saved first.
 */
export async function registerCommand(file: string, options: RegisterFlags): Promise<number> {
  const { project, createProject, image, force, label: labels } = options;
  const env = Object.fromEntries(options.env.map(variable));
  const runConfig = options.runConfig === undefined ? undefined : await readRunConfig(options.runConfig);
  const access = await accessFor(options, process.env);
  const saved = flowFile(file).source ? (await saveFlow(file)).path : file;
  const flow = options.flow ?? options.name;
  const { path, digest, flows } = await describeArtifact(saved, { flow, log: moduleOutput });
  for (const graph of flows) {
    const registered = await registerStored(graph, { name: graph.name, path, digest }, access, {
      ...{ project, createProject, labels, env, force, setScheduleActive: options.schedule },
      ...(image === undefined ? {} : { image }),
      ...(runConfig === undefined ? {} : { runConfig }),
    });
    process.stderr.write(`${sentence(registered)}\n`);
    const { flowId, name, version, isNew } = registered;
    printResult(options.json, { flowId, name, project, version, isNew }, flowId);
  }
  return ExitCode.ok;
}

function sentence({ name, project, version, isNew }: Registration): string {
  const flow = `Flow "${name}" in project "${project}"`;
  const known = version === null ? "" : ` ${version}`;
  return isNew ? `${flow}: registered version${known}.` : `${flow}: nothing has changed, it stays version${known}.`;
}

function variable(option: string): [name: string, value: string] {
  const at = option.indexOf("=");
  if (at > 0) return [option.slice(0, at), option.slice(at + 1)];
  throw new FlowRunnerError("VARIABLE_OPTION_INVALID", { option });
}

/** Checked where it is registered: here it only has to be JSON. */
async function readRunConfig(given: string): Promise<RunConfig> {
  try {
    return JSON.parse(given.trimStart().startsWith("{") ? given : await readFile(given, "utf8"));
  } catch (error) {
    throw new FlowRunnerError("RUN_CONFIG_INVALID", { reason: messageOf(error) });
  }
}
