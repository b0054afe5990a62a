import type { Edge, FlowGraph, ParameterSpec, TaskSpec, Trigger } from "../../../graph/index.ts";
import type { DescribedFile } from "../../../run/describe.ts";
import { durationText, printable } from "../../terminal/words.ts";
import { scheduleLines } from "./schedule-lines.ts";

/** What `inspect` prints for a reader. */
export function inspection({
  path,
  digest,
  manifest,
  flows,
}: Pick<DescribedFile, "path" | "digest" | "manifest" | "flows">): string {
  const head = [path];
  if (manifest !== null) {
    head.push(`  saved by flow-runner ${manifest.flowRunner} with Node ${manifest.node}, format ${manifest.format}`);
    head.push(`  sha256 ${digest ?? "unknown"}`);
    const packages = Object.entries(manifest.packages).map(([name, version]) => `${name} ${version}`);
    head.push(`  packages: ${packages.join(", ") || "none"}`);
  }
  return `${printable([...head, ...flows.flatMap(flowLines)].join("\n"))}\n`;
}

function flowLines(graph: FlowGraph): string[] {
  const { name, environment, schedule, parameters, tasks, edges, referenceTasks, resultHandler } = graph;
  const labels = environment.labels.length === 0 ? "" : `, labels ${environment.labels.join(", ")}`;
  return [
    "",
    `Flow ${name}`,
    `  environment: ${environment.type}${labels}`,
    ...scheduleLines(schedule, Date.now()),
    `  result handler: ${resultHandler?.type ?? "none"}`,
    `  reference tasks: ${referenceTasks?.join(", ") ?? "the terminal tasks"}`,
    ...(graph.maxRetries ? [`  retries: ${graph.maxRetries} after ${durationText(graph.retryDelay ?? 0)}`] : []),
    ...section("Parameters", parameters.map(parameterCells)),
    ...section("Tasks", tasks.map(taskCells)),
    ...section("Edges", edges.map(edgeCells)),
  ];
}

/** Rows in columns as wide as their widest cell. */
function section(title: string, rows: readonly string[][]): string[] {
  if (rows.length === 0) return [];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => `    ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`);
  return [`  ${title}`, ...lines.map((line) => line.trimEnd())];
}

const parameterCells = (parameter: ParameterSpec): string[] => [
  parameter.name,
  parameter.required ? "required" : `default ${JSON.stringify(parameter.default ?? null)}`,
];

function taskCells(task: TaskSpec): string[] {
  const traits = [
    task.kind === "task" ? "" : task.kind,
    task.mapped ? "mapped" : "",
    task.trigger.fn === "all_successful" ? "" : `trigger ${triggerText(task.trigger)}`,
    task.maxRetries > 0 ? `${task.maxRetries} retries after ${durationText(task.retryDelay)}` : "",
    task.timeout === null ? "" : `timeout ${durationText(task.timeout)}`,
    task.isolated ? "isolated" : "",
    task.cacheFor === null ? "" : `cached for ${durationText(task.cacheFor)}`,
    task.resultHandler === null ? "" : task.resultHandler.type,
  ];
  return [task.slug, task.name, traits.filter(Boolean).join(", ")];
}

const triggerText = (trigger: Trigger): string => (trigger.fn === "custom" ? trigger.name : trigger.fn);

function edgeCells({ upstream, downstream, key, mapped }: Edge): string[] {
  return [upstream, "->", downstream, key === null ? "(order only)" : `${key}${mapped ? ", mapped" : ""}`];
}
