import type { FlowBase } from "../flow/index.ts";
import type { SavedFlow } from "./format/manifest.ts";
import { sha256 } from "./format/seal.ts";

/** What a manifest says of a flow. */
export function savedFlow({ name, graph }: FlowBase): SavedFlow {
  const slugs = graph.tasks.map(({ slug }) => slug);
  const edges = graph.edges.map(({ upstream, downstream, key, mapped }) => [upstream, downstream, key, mapped]);
  return { name, slug: graph.slug, tasks: slugs.length, shape: sha256(JSON.stringify([slugs, edges])) };
}
