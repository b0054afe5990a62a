import { Graph, layout } from "@dagrejs/dagre";
import type { EdgeView, TaskView } from "../../live/view.ts";

export const nodeSize = { width: 208, height: 56 } as const;

export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  /** The left upper corner of each task, by its id. */
  readonly nodes: ReadonlyMap<string, { readonly left: number; readonly top: number }>;
  readonly edges: readonly { readonly key: string; readonly mapped: boolean; readonly path: string }[];
}

/** Places tasks from top to bottom, each below those that it takes something from. */
export function graphLayout(tasks: readonly TaskView[], edges: readonly EdgeView[]): GraphLayout {
  const graph = new Graph({ multigraph: false });
  graph.setGraph({ rankdir: "TB", nodesep: 28, ranksep: 44, marginx: 16, marginy: 16 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of tasks) graph.setNode(id, { ...nodeSize });
  for (const { from, to, mapped } of edges) {
    const known = graph.edge(from, to);
    graph.setEdge(from, to, { mapped: mapped || known?.mapped === true });
  }
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    ...{ width, height },
    nodes: new Map(
      tasks.map(({ id }) => {
        const { x, y } = graph.node(id);
        return [id, { left: x - nodeSize.width / 2, top: y - nodeSize.height / 2 }];
      }),
    ),
    edges: graph.edges().map((edge) => {
      const { points, mapped } = graph.edge(edge);
      return { key: `${edge.v} ${edge.w}`, mapped: mapped === true, path: curve(points) };
    }),
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A curve that begins and ends downwards, through the middle of each stretch. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (first === undefined || last === undefined) return "";
  const middles = rest.slice(0, -1).map((point, at) => {
    const next = rest[at + 1] ?? point;
    return `Q ${point.x} ${point.y} ${(point.x + next.x) / 2} ${(point.y + next.y) / 2}`;
  });
  return `M ${first.x} ${first.y} ${middles.join(" ")} L ${last.x} ${last.y}`;
}
