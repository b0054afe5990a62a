import { ExitCode } from "../../../errors/index.ts";
import type { FlowGraph } from "../../../graph/index.ts";
import { describeFile } from "../../../run/describe.ts";
import type { InspectFlags } from "../../options/flow-options.ts";
import { inspection } from "./inspection.ts";
import { moduleOutput } from "./module-output.ts";
import { nextTimes } from "./schedule-lines.ts";

/** `inspect FILE`: the manifest, and the tasks, edges, parameters and schedule of every flow. */
export async function inspectCommand(file: string, { flow, json }: InspectFlags): Promise<number> {
  const { path, manifest, digest, flows } = await describeFile(file, { flow, log: moduleOutput });
  const described = { path, digest, manifest, flows };
  process.stdout.write(
    json ? `${JSON.stringify({ ...described, flows: flows.map(withNext) }, null, 2)}\n` : inspection(described),
  );
  return ExitCode.ok;
}

const withNext = (graph: FlowGraph) =>
  graph.schedule === null ? graph : { ...graph, nextRuns: nextTimes(graph.schedule, Date.now()) };
