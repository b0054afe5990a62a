import type { Edge, FlowGraph, TaskSpec } from "../../src/graph/index.ts";

/** A task of which a test only says what matters to it. */
export function spec(slug: string, overrides: Partial<TaskSpec> = {}): TaskSpec {
  return {
    slug,
    name: slug,
    kind: "task",
    tags: [],
    maxRetries: 0,
    retryDelay: 0,
    timeout: null,
    isolated: false,
    trigger: { fn: "all_successful" },
    skipOnUpstreamSkip: true,
    mapped: false,
    checkpoint: null,
    resultHandler: null,
    target: null,
    cacheFor: null,
    cacheKey: null,
    cacheValidator: { fn: "never_use" },
    onMissingResult: "fail",
    hasStateHandlers: false,
    definedAt: null,
    ...overrides,
  };
}

export const edge = (upstream: string, downstream: string, overrides: Partial<Edge> = {}): Edge => ({
  upstream,
  downstream,
  key: null,
  mapped: false,
  ...overrides,
});

export function graph(tasks: TaskSpec[], edges: Edge[], overrides: Partial<FlowGraph> = {}): FlowGraph {
  return {
    name: "test",
    slug: "test",
    tasks,
    edges,
    parameters: [],
    referenceTasks: null,
    resultHandler: null,
    environment: { type: "LocalEnvironment", labels: [], custom: false, hasOnStart: false, hasOnExit: false },
    schedule: null,
    hasStateHandlers: false,
    hasTerminalStateHandler: false,
    ...overrides,
  };
}
