import type { Edge, FlowGraph, ParameterSpec } from "../graph.ts";
import { indexGraph } from "../graph-index.ts";
import { environmentForm } from "./environment-form.ts";
import type { EdgeForm, FlowForm, ParameterForm, RegistrationForm } from "./form.ts";
import { identifier } from "./identifier.ts";
import { scheduleForm } from "./schedule/schedule-form.ts";
import { scheduleForm07 } from "./schedule/schedule-form-0.7.ts";
import { anyType, taskForm, taskType } from "./task-form.ts";

export interface RegistrationOptions {
  /** The storage in Prefect's form (`{ type: "Local", … }`); it tells the runner where the artifact lies. */
  readonly storage: { readonly type: string; readonly [option: string]: unknown };
  /** Labels beside those of the environment. */
  readonly labels?: readonly string[];
  /** Prefect 1.x: where and how agents run it, in Prefect's form; default: a UniversalRun. */
  readonly runConfig?: { readonly type: string; readonly [option: string]: unknown };
}

/** The versions whose schemas the forms follow. */
export const formVersions = { "1.x": "1.4.1", "0.7": "0.7.0" } as const;

/**
 * A flow in the form in which Prefect 1.x registers it: what `create_flow_from_compressed_string`, `register_tasks`
 * and `register_edges` take. It holds no code, no literals and no result handlers: the artifact is what runs.
 *
 * Tasks, edges and parameters are in Prefect's order (by slug), so that the same flow always has the same form.
 *
 * @example registrationForm(weather.graph, { storage: { type: "Local", flows: { weather: "/flows/weather.prefect" } } })
 */
export function registrationForm(graph: FlowGraph, options: RegistrationOptions): RegistrationForm {
  const version = formVersions["1.x"];
  const labels = allLabels(graph, options);
  const { type, labels: own = [], ...runConfig } = options.runConfig ?? { type: "UniversalRun" };
  return {
    ...flowForm(graph, options, version),
    schedule: graph.schedule === null ? null : scheduleForm(graph.schedule, version),
    run_config: {
      ...{ type, env: null, ...runConfig },
      labels: [...new Set([...labels, ...(own as readonly string[])])].sort(),
      __version__: version,
    },
  };
}

/**
 * The same for Prefect 0.7, which takes it whole: `createFlowFromCompressedString`. It has no run configurations; the
 * environment tells the labels.
 *
 * @throws FlowRunnerError `REGISTRATION_NOT_IN_07` for what this version of Prefect cannot say
 */
export function registrationForm07(graph: FlowGraph, options: RegistrationOptions): FlowForm {
  const version = formVersions["0.7"];
  const { edges, ...form } = flowForm(graph, options, version);
  return {
    ...form,
    edges: edges.map(({ flattened: _, ...edge }) => edge),
    schedule: graph.schedule === null ? null : scheduleForm07(graph, graph.schedule, version),
  };
}

const allLabels = ({ environment }: FlowGraph, { labels = [] }: RegistrationOptions): string[] =>
  [...new Set([...environment.labels, ...labels])].sort();

/** What all versions share. */
function flowForm(graph: FlowGraph, options: RegistrationOptions, version: string) {
  const { upstream } = indexGraph(graph);
  return {
    name: graph.name,
    type: "prefect.core.flow.Flow",
    parameters: graph.parameters.map((parameter) => parameterForm(parameter, version)).sort(by((form) => form.slug)),
    tasks: graph.tasks.map((task) => taskForm(task, upstream(task.slug), version)).sort(by((form) => form.slug)),
    edges: graph.edges.map((edge) => edgeForm(edge, version)).sort(by(edgeOrder)),
    reference_tasks: (graph.referenceTasks ?? []).toSorted().map((slug) => ({ slug, __version__: version })),
    environment: environmentForm(graph.environment, allLabels(graph, options), version),
    storage: { __version__: version, prefect_version: version, ...options.storage },
    __version__: version,
  };
}

function edgeForm(edge: Edge, version: string): Required<EdgeForm> {
  return {
    upstream_task: { slug: edge.upstream, __version__: version },
    downstream_task: { slug: edge.downstream, __version__: version },
    key: edge.key === null ? null : identifier(edge.key),
    mapped: edge.mapped,
    flattened: false,
    __version__: version,
  };
}

function parameterForm(parameter: ParameterSpec, version: string): ParameterForm {
  return {
    name: parameter.name,
    slug: parameter.name,
    type: taskType("parameter"),
    required: parameter.required,
    // The flow refused a default that is not JSON when it was built.
    default: (parameter.default ?? null) as ParameterForm["default"],
    ...(parameter.schema === undefined ? {} : { schema: parameter.schema }),
    tags: [],
    outputs: anyType,
    __version__: version,
  };
}

const edgeOrder = (edge: EdgeForm): string =>
  [edge.upstream_task.slug, edge.downstream_task.slug, edge.key ?? ""].join("\0");

/** Compares by code units, whatever the locale. */
function by<Item>(key: (item: Item) => string): (a: Item, b: Item) => number {
  return (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
}
