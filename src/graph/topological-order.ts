import { FlowRunnerError } from "../errors/index.ts";
import type { FlowGraph } from "./graph.ts";

/**
 * The slugs of a flow's tasks, every task after all of its upstream tasks. Among tasks that could come next, the one
 * that was added to the flow first goes first, together with what it waits for: the same graph always has the same order.
 *
 * @throws FlowRunnerError `FLOW_CYCLE` with the tasks of one cycle, in order.
 */
export function topologicalOrder(graph: Pick<FlowGraph, "name" | "tasks" | "edges">): string[] {
  const upstream = new Map<string, string[]>(graph.tasks.map((task) => [task.slug, []]));
  for (const edge of graph.edges) upstream.get(edge.downstream)?.push(edge.upstream);

  const order: string[] = [];
  const done = new Set<string>();
  const onPath = new Set<string>();
  for (const task of graph.tasks) {
    if (done.has(task.slug)) continue;
    // An explicit stack: a chain may be longer than the call stack is deep.
    const stack = [{ slug: task.slug, next: 0 }];
    onPath.add(task.slug);
    for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
      const above = upstream.get(frame.slug)?.[frame.next++];
      if (above === undefined) {
        stack.pop();
        onPath.delete(frame.slug);
        done.add(frame.slug);
        order.push(frame.slug);
      } else if (onPath.has(above)) {
        const cycle = stack.slice(stack.findIndex((entry) => entry.slug === above)).map((entry) => entry.slug);
        // The stack leads upstream; a reader follows the arrows downstream.
        throw new FlowRunnerError("FLOW_CYCLE", { flow: graph.name, path: [above, ...cycle.reverse()] });
      } else if (!done.has(above)) {
        stack.push({ slug: above, next: 0 });
        onPath.add(above);
      }
    }
  }
  return order;
}
