import type { FlowGraph, TaskSpec } from "../../../graph/index.ts";

/** What an input of a task run came from, in Prefect 3's form: its pages draw an edge for each `task_run`. */
export type TaskInput =
  | { readonly input_type: "task_run"; readonly id: string }
  | { readonly input_type: "parameter"; readonly name: string }
  | { readonly input_type: "constant"; readonly type: string };

interface Known {
  kindOf(slug: string): TaskSpec["kind"];
  /** Children of a mapped task; null: it has not come to be mapped. */
  widthOf(slug: string): number | null;
  idOf(slug: string, mapIndex: number | null): string;
}

/** A list of all children of a wider map would not fit into an event, and no page draws as many edges. */
const mostInputs = 5_000;

/** The inputs of a task run by name; what only comes before it is under Prefect's `wait_for`. Names without any are left out. */
export function taskInputs(
  { edges }: FlowGraph,
  slug: string,
  mapIndex: number | null,
  known: Known,
): Readonly<Record<string, readonly TaskInput[]>> {
  const inputs: Record<string, TaskInput[]> = {};
  for (const edge of edges) {
    if (edge.downstream !== slug) continue;
    // A reference that is nested in an input is one of that input: `query.days.0` is of `query`.
    const name = edge.key?.split(".")[0] ?? "wait_for";
    inputs[name] = [...(inputs[name] ?? []), ...sources(edge.upstream, edge.mapped ? mapIndex : null, known)];
  }
  return inputs;
}

function sources(slug: string, mapIndex: number | null, { kindOf, widthOf, idOf }: Known): readonly TaskInput[] {
  const kind = kindOf(slug);
  if (kind === "parameter") return [{ input_type: "parameter", name: slug }];
  if (kind === "constant") return [{ input_type: "constant", type: "list" }];
  const width = widthOf(slug);
  if (width === null) return [{ input_type: "task_run", id: idOf(slug, null) }];
  const indexes = mapIndex === null ? Array.from({ length: Math.min(width, mostInputs) }, (_, at) => at) : [mapIndex];
  return indexes.map((index) => ({ input_type: "task_run", id: idOf(slug, index) }));
}
