import { FlowRunnerError } from "../../errors/index.ts";
import type { Edge, ParameterSpec, TaskSpec } from "../../graph/index.ts";
import type { TaskDefinition } from "../definition.ts";
import { isReference, Reference, type ReferenceOwner, type TaskResult } from "../inputs/reference.ts";
import type { ResultHandler } from "../result-handler.ts";
import type { ParameterCheck } from "../task/parameter-schema.ts";
import type { TaskTemplate } from "../task/task-template.ts";
import { SlugCounter } from "./slug-counter.ts";
import type { TaskWiring } from "./wiring.ts";

/** What a task takes over from its flow. */
export interface FlowDefaults {
  readonly resultHandler: ResultHandler | null;
  readonly onMissingResult: TaskSpec["onMissingResult"];
}

/** Collects the tasks and edges of one flow while its build function runs. */
export class FlowBuilder implements ReferenceOwner {
  readonly name: string;
  readonly tasks: TaskSpec[] = [];
  readonly edges: Edge[] = [];
  readonly parameters: ParameterSpec[] = [];
  readonly definitions = new Map<string, TaskDefinition>();
  readonly parameterChecks = new Map<string, ParameterCheck>();
  referenceTasks: readonly string[] | null = null;
  readonly #defaults: FlowDefaults;
  readonly #slugs = new SlugCounter();
  readonly #order = new Set<string>();
  #open = true;

  constructor(name: string, defaults: FlowDefaults) {
    this.name = name;
    this.#defaults = defaults;
  }

  /** Nothing can be added after this: the graph is checked and given away. */
  close(): void {
    this.#open = false;
  }

  addTask<T>(template: TaskTemplate, wiring: TaskWiring): TaskResult<T> {
    this.requireOpen(`Task "${template.spec.name}"`);
    const slug = this.#slugs.next(template.spec.name, template.spec.tags);
    return this.#add<T>(slug, template, wiring);
  }

  addParameter<T>(template: TaskTemplate, parameter: ParameterSpec, check: ParameterCheck | null): TaskResult<T> {
    this.requireOpen(`Parameter "${parameter.name}"`);
    if (this.parameters.some(({ name }) => name === parameter.name)) {
      throw new FlowRunnerError("PARAMETER_DUPLICATE", { flow: this.name, parameter: parameter.name });
    }
    if (!this.#slugs.take(parameter.name)) {
      throw new FlowRunnerError("TASK_SLUG_TAKEN", { flow: this.name, slug: parameter.name });
    }
    this.parameters.push(parameter);
    if (check !== null) this.parameterChecks.set(parameter.name, check);
    return this.#add<T>(parameter.name, template, { edges: [], bind: () => ({}) });
  }

  addOrder(downstream: string, upstream: readonly TaskResult<unknown>[]): void {
    this.requireOpen("after()");
    for (const reference of upstream) {
      const edge = { upstream: this.ownSlug(reference), downstream, key: null, mapped: false };
      const id = JSON.stringify([edge.upstream, downstream]);
      if (this.#order.has(id)) continue;
      this.#order.add(id);
      this.edges.push(edge);
    }
  }

  /** The slug of a reference, which must be to a task of this flow. */
  ownSlug(reference: unknown): string {
    if (!isReference(reference)) {
      throw new FlowRunnerError("NOT_A_RESULT", { flow: this.name, given: typeof reference });
    }
    if (!reference.belongsTo(this)) {
      throw new FlowRunnerError("REFERENCE_FOREIGN", { flow: this.name, slug: reference.slug, owner: reference.owner });
    }
    return reference.slug;
  }

  requireOpen(what: string): void {
    if (!this.#open) throw new FlowRunnerError("FLOW_BUILD_OVER", { flow: this.name, what });
  }

  #add<T>(slug: string, template: TaskTemplate, { edges, bind }: TaskWiring): TaskResult<T> {
    const upstream = edges.map(({ key, mapped, reference }) => ({
      upstream: this.ownSlug(reference),
      downstream: slug,
      key,
      mapped,
    }));
    const resultHandler =
      template.resultHandler ?? (template.fixedHandler === null ? this.#defaults.resultHandler : null);
    const description = resultHandler?.describe() ?? template.fixedHandler;
    this.tasks.push({
      ...template.spec,
      slug,
      mapped: edges.some((edge) => edge.mapped),
      resultHandler: description === null ? null : { ...description },
      onMissingResult: template.onMissingResult ?? this.#defaults.onMissingResult,
    });
    this.edges.push(...upstream);
    this.definitions.set(slug, { ...template.code, slug, bind, resultHandler });
    return new Reference<T>(slug, this);
  }
}
