import type { Edge, FlowGraph, TaskSpec } from "./graph.ts";
import { topologicalOrder } from "./topological-order.ts";

/**
 * A flow as Mermaid text: parameters are rounded, constants and secrets are slanted, mapped tasks are doubled; a data
 * edge bears the input it feeds, a mapped one is thick, an edge without data is dotted.
 *
 * @example
 * ```
 * flowchart TD
 *   n0(["days"])
 *   n1[["fetch day (mapped)"]]
 *   n0 == "day" ==> n1
 * ```
 */
export function mermaid(graph: Pick<FlowGraph, "name" | "tasks" | "edges">): string {
  const tasks = new Map(graph.tasks.map((task) => [task.slug, task]));
  const ids = new Map(topologicalOrder(graph).map((slug, index) => [slug, `n${index}`]));
  const nodes = [...ids].map(([slug, id]) => {
    const task = tasks.get(slug);
    return task === undefined ? id : `${id}${node(task)}`;
  });
  const edges = graph.edges.map((edge) => `${ids.get(edge.upstream)} ${arrow(edge)} ${ids.get(edge.downstream)}`);
  return ["flowchart TD", ...[...nodes, ...edges].map((line) => `  ${line}`), ""].join("\n");
}

function node(task: TaskSpec): string {
  const label = quoted(task.mapped ? `${task.name} (mapped)` : task.name);
  if (task.mapped) return `[[${label}]]`;
  if (task.kind === "parameter") return `([${label}])`;
  return task.kind === "task" ? `[${label}]` : `[/${label}/]`;
}

function arrow({ key, mapped }: Edge): string {
  if (key === null) return "-.->";
  return mapped ? `== ${quoted(key)} ==>` : `-- ${quoted(key)} -->`;
}

/** Mermaid's entities, so that no name can end its own label or be read as markup. */
function quoted(text: string): string {
  const escaped = text.replace(/[#"<>&`\n]/g, (character) => `#${character.codePointAt(0)};`);
  return `"${escaped}"`;
}
