import { isMapped, isSuccessful } from "../../state/index.ts";
import type { EngineContext } from "../plan/engine-context.ts";
import type { TaskRun, TaskRuns } from "../plan/task-run.ts";
import type { Supplier } from "./supply.ts";

/** How many children a mapped task gets, or why it cannot be mapped. */
export type Width =
  | { readonly kind: "width"; readonly width: number }
  | { readonly kind: "failed"; readonly message: string };

/**
 * Prefect 1.x: the shortest of the mapped inputs decides, and a width that the API already has is not exceeded. Inputs
 * that failed have no length; while another one has, each child has them before its own trigger.
 */
export async function widthOf(context: EngineContext, run: TaskRun, supplier: Supplier): Promise<Width> {
  if (run.state.type === "Mapped" && run.state.mapCount !== undefined)
    return { kind: "width", width: run.state.mapCount };
  let width = Number.POSITIVE_INFINITY;
  for (const edge of run.task.upstream) {
    if (!edge.mapped) continue;
    const upstream = context.runsOf(edge.from);
    if (!isSuccessful(upstream.run.state)) continue;
    const length = await lengthOf(context, upstream, supplier);
    if (typeof length === "string") return { kind: "failed", message: length };
    width = Math.min(width, length);
  }
  if (width === Number.POSITIVE_INFINITY) return { kind: "failed", message: "No upstream states can be mapped over." };
  return { kind: "width", width };
}

async function lengthOf(context: EngineContext, upstream: TaskRuns, supplier: Supplier): Promise<number | string> {
  const { run } = upstream;
  if (upstream.children !== null && isMapped(run.state)) return upstream.children.length;
  if (run.length !== null) return run.length;
  let measure = await context.host.measure({ handle: run.handle });
  if (measure.kind === "missing") {
    const failure = await supplier.supply(measure.handles);
    if (failure !== null) return `Failed to retrieve task results: ${failure}`;
    measure = await context.host.measure({ handle: run.handle });
  }
  switch (measure.kind) {
    case "length":
      run.length = measure.length;
      return measure.length;
    case "unmappable":
      return `At least one upstream state has an unmappable result: ${run.fullName} returned ${measure.what}, not an array.`;
    case "missing":
      return `Failed to retrieve task results: ${run.fullName} was supplied and is missing again`;
  }
}
