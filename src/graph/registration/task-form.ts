import type { CacheValidator, Edge, TaskSpec, Trigger } from "../graph.ts";
import type { TaskForm } from "./form.ts";

/** Input and output types are not known at run time. */
export const anyType = "typing.Any";

const taskTypes: Record<TaskSpec["kind"], string> = {
  task: "prefect.tasks.core.function.FunctionTask",
  parameter: "prefect.core.parameter.Parameter",
  constant: "prefect.tasks.core.constants.Constant",
  secret: "prefect.tasks.secrets.base.PrefectSecret",
};

export const taskType = (kind: TaskSpec["kind"]): string => taskTypes[kind];

/** One task in Prefect's form; `upstream` are the edges into it. */
export function taskForm(task: TaskSpec, upstream: readonly Edge[], version: string): TaskForm {
  return {
    slug: task.slug,
    name: task.name,
    type: taskType(task.kind),
    tags: task.tags.toSorted(),
    max_retries: task.maxRetries,
    retry_delay: task.maxRetries > 0 ? seconds(task.retryDelay) : null,
    timeout: seconds(task.timeout),
    trigger: triggerReference(task.trigger),
    skip_on_upstream_skip: task.skipOnUpstreamSkip,
    cache_for: seconds(task.cacheFor),
    cache_key: typeof task.cacheKey === "string" ? task.cacheKey : null,
    cache_validator: validatorReference(task.cacheValidator),
    auto_generated: task.kind === "constant",
    inputs: inputs(upstream),
    outputs: anyType,
    __version__: version,
  };
}

/** Rounded up: a delay or a timeout of 500 ms must not become none. */
function seconds(milliseconds: number | null): number | null {
  return milliseconds === null ? null : Math.ceil(milliseconds / 1000);
}

/** The inputs that edges feed; literals live in the flow's code, where Prefect does not show them either. */
function inputs(upstream: readonly Edge[]): TaskForm["inputs"] {
  const names = upstream.flatMap(({ key }) => (key === null ? [] : [topLevelInput(key)]));
  return Object.fromEntries(names.map((name) => [name, { required: true, type: anyType }]));
}

/** `query.days.0` feeds the input `query`. A dot inside a name is escaped by a backslash. */
function topLevelInput(key: string): string {
  const [name = key] = key.match(/^(?:\\.|[^.\\])*/) ?? [];
  return name.replace(/\\(.)/g, "$1");
}

function triggerReference(trigger: Trigger): TaskForm["trigger"] {
  switch (trigger.fn) {
    case "custom":
      return { fn: `flow_runner.triggers.${trigger.name}`, kwargs: {} };
    case "some_failed":
    case "some_successful":
      return {
        fn: `prefect.triggers.${trigger.fn}`,
        kwargs: { at_least: trigger.atLeast ?? null, at_most: trigger.atMost ?? null },
      };
    default:
      return { fn: `prefect.triggers.${trigger.fn}`, kwargs: {} };
  }
}

function validatorReference(validator: CacheValidator): TaskForm["cache_validator"] {
  const fn = `prefect.engine.cache_validators.${validator.fn}`;
  switch (validator.fn) {
    case "custom":
      return { fn: `flow_runner.cache_validators.${validator.name}`, kwargs: {} };
    case "partial_inputs_only":
    case "partial_parameters_only":
      return { fn, kwargs: { validate_on: validator.validateOn } };
    default:
      return { fn, kwargs: {} };
  }
}
