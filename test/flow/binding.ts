import type { FlowBase } from "../../src/flow/index.ts";

/** The inputs that a task's body would get, where each edge's value is `<key>` unless the test gives another. */
export function boundInputs(flow: FlowBase, slug: string, values: Readonly<Record<string, unknown>> = {}): unknown {
  return flow.tasks.get(slug)?.bind((key) => (Object.hasOwn(values, key) ? values[key] : `<${key}>`));
}

/** The edges into a task as text: `days =day=> fetch-1`, `a -x-> b`, `a --> b`. */
export function edgesInto(flow: FlowBase, slug: string): string[] {
  return flow.graph.edges
    .filter(({ downstream }) => downstream === slug)
    .map(({ upstream, key, mapped }) => {
      if (key === null) return `${upstream} -->`;
      return mapped ? `${upstream} =${key}=>` : `${upstream} -${key}->`;
    });
}
