import type { Edge, EnvironmentSpec, FlowGraph, ParameterSpec } from "../graph.ts";
import { indexGraph } from "../graph-index.ts";
import type { EdgeForm, ParameterForm, RegistrationForm } from "./form.ts";
import { identifier } from "./identifier.ts";
import { scheduleForm } from "./schedule/schedule-form.ts";
import { anyType, formVersion, taskForm, taskType } from "./task-form.ts";

export interface RegistrationOptions {
  /** The storage in Prefect's form (`{ type: "Local", … }`); it tells the runner where the artifact lies. */
  readonly storage: { readonly type: string; readonly [option: string]: unknown };
  /** Labels beside those of the environment. */
  readonly labels?: readonly string[];
}

/**
 * A flow in the form in which Prefect 1.x registers it: what `create_flow_from_compressed_string`, `register_tasks`
 * and `register_edges` take. It holds no code, no literals and no result handlers: the artifact is what runs.
 *
 * Tasks, edges and parameters are in Prefect's order (by slug), so that the same flow always has the same form.
 *
 * @example registrationForm(weather.graph, { storage: { type: "Local", flows: { weather: "/flows/weather.prefect" } } })
 */
export function registrationForm(graph: FlowGraph, { storage, labels = [] }: RegistrationOptions): RegistrationForm {
  const { upstream } = indexGraph(graph);
  const allLabels = [...new Set([...graph.environment.labels, ...labels])].sort();
  return {
    name: graph.name,
    type: "prefect.core.flow.Flow",
    schedule: graph.schedule === null ? null : scheduleForm(graph.schedule, formVersion),
    parameters: graph.parameters.map(parameterForm).sort(by((form) => form.slug)),
    tasks: graph.tasks.map((task) => taskForm(task, upstream(task.slug))).sort(by((form) => form.slug)),
    edges: graph.edges.map(edgeForm).sort(by(edgeOrder)),
    reference_tasks: (graph.referenceTasks ?? []).toSorted().map(slugForm),
    environment: environmentForm(graph.environment, allLabels),
    run_config: { type: "UniversalRun", labels: allLabels, env: null, __version__: formVersion },
    storage: { __version__: formVersion, prefect_version: formVersion, ...storage },
    __version__: formVersion,
  };
}

const slugForm = (slug: string) => ({ slug, __version__: formVersion });

function edgeForm(edge: Edge): EdgeForm {
  return {
    upstream_task: slugForm(edge.upstream),
    downstream_task: slugForm(edge.downstream),
    key: edge.key === null ? null : identifier(edge.key),
    mapped: edge.mapped,
    flattened: false,
    __version__: formVersion,
  };
}

function parameterForm(parameter: ParameterSpec): ParameterForm {
  return {
    name: parameter.name,
    slug: parameter.name,
    type: taskType("parameter"),
    required: parameter.required,
    // The flow refused a default that is not JSON when it was built.
    default: (parameter.default ?? null) as ParameterForm["default"],
    tags: [],
    outputs: anyType,
    __version__: formVersion,
  };
}

function environmentForm(environment: EnvironmentSpec, labels: string[]) {
  // Prefect 0.7: a class of the author's own is known by this name; what it does comes with the artifact.
  const type = environment.custom ? "CustomEnvironment" : environment.type;
  return { type, labels, __version__: formVersion };
}

const edgeOrder = (edge: EdgeForm): string =>
  [edge.upstream_task.slug, edge.downstream_task.slug, edge.key ?? ""].join("\0");

/** Compares by code units, whatever the locale. */
function by<Item>(key: (item: Item) => string): (a: Item, b: Item) => number {
  return (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
}
