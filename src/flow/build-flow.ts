import { FlowRunnerError } from "../errors/index.ts";
import { type FlowGraph, type ParameterSpec, slugify, topologicalOrder } from "../graph/index.ts";
import { FlowBuilder } from "./building/builder.ts";
import { buildWith } from "./building/current-builder.ts";
import { chosenReferenceTasks } from "./building/reference-tasks.ts";
import type { CallSite } from "./call-site.ts";
import type { FlowDefinition } from "./definition.ts";
import { type FlowOptions, flowOptionNames } from "./flow-options.ts";
import { flowRetries } from "./flow-retries.ts";
import type { Schedule } from "./schedule/schedule.ts";
import { unknownOption } from "./unknown-option.ts";

/** A flow that was built and checked. */
export interface BuiltFlow<out Returned> extends FlowDefinition {
  /** References, for looking up results after a run. */
  readonly returned: Returned;
  /** Absolute path of the module that called `flow()`; null where it came from no file. */
  readonly definedIn: string | null;
  /** `file:line` of that call as its author sees it. */
  readonly definedAt: string | null;
}

/**
 * Runs a build function, once, and checks what it built.
 *
 * @throws FlowRunnerError whose code begins with `FLOW_`, `TASK_`, `PARAMETER_` or `REFERENCE_`, with the names concerned.
 */
export function buildFlow<Returned>(
  name: string,
  build: () => Returned,
  options: FlowOptions<Returned>,
  site: CallSite,
): BuiltFlow<Returned> {
  if (typeof name !== "string" || name.trim() === "") throw new FlowRunnerError("FLOW_NAME_INVALID", { name });
  if (typeof build !== "function") {
    throw new FlowRunnerError("FLOW_OPTION_INVALID", {
      flow: name,
      option: "build",
      problem: "it must be a function.",
    });
  }
  const unknown = unknownOption(options, flowOptionNames);
  if (unknown !== null) {
    throw new FlowRunnerError("FLOW_OPTION_INVALID", { flow: name, option: unknown.name, problem: unknown.problem });
  }
  const { resultHandler = null, environment = null, secretProviders = [], onMissingResult = "fail" } = options;
  const stateHandlers = options.stateHandlers ?? [];
  const onFailure = options.onFailure ?? null;
  const terminalStateHandler = options.terminalStateHandler ?? null;

  const builder = new FlowBuilder(name, { resultHandler, onMissingResult });
  const returned = buildWith(builder, build);
  if (returned instanceof Promise) {
    // The error says all that there is to know; what the promise does is of no interest any more.
    returned.catch(() => {});
    throw new FlowRunnerError("FLOW_BUILD_ASYNC", { flow: name });
  }
  builder.close();

  const graph: FlowGraph = {
    name,
    slug: slugify(name),
    tasks: builder.tasks,
    edges: builder.edges,
    parameters: builder.parameters,
    referenceTasks: chosenReferenceTasks(builder, options.referenceTasks, returned),
    resultHandler: resultHandler === null ? null : { ...resultHandler.describe() },
    environment: environment?.describe() ?? localEnvironment,
    schedule: scheduleOf(name, builder.parameters, options.schedule),
    hasStateHandlers: stateHandlers.length > 0 || onFailure !== null,
    hasTerminalStateHandler: terminalStateHandler !== null,
    ...flowRetries(name, options),
    ...(secretProviders.length === 0 ? {} : { secretProviders: secretProviders.map((provider) => provider.name) }),
  };
  topologicalOrder(graph);
  return {
    graph,
    returned,
    definedIn: site.file,
    definedAt: site.place,
    tasks: builder.definitions,
    parameterChecks: builder.parameterChecks,
    stateHandlers,
    onFailure,
    terminalStateHandler,
    resultHandler,
    environment,
    secretProviders,
  };
}

/** A default for a parameter that the flow does not have would never be used: a slip of the pen. */
function scheduleOf(flow: string, parameters: readonly ParameterSpec[], schedule: Schedule | undefined) {
  if (schedule === undefined) return null;
  const refuse = (problem: string) => new FlowRunnerError("FLOW_OPTION_INVALID", { flow, option: "schedule", problem });
  if (typeof schedule?.describe !== "function") {
    throw refuse("it must be a Schedule, an IntervalSchedule or a CronSchedule.");
  }
  const spec = schedule.describe();
  const names = spec.clocks.flatMap(({ parameterDefaults }) => Object.keys(parameterDefaults));
  const unknown = names.find((name) => parameters.every((parameter) => parameter.name !== name));
  if (unknown !== undefined) throw refuse(`a clock has a default for "${unknown}", which is no parameter of the flow.`);
  return spec;
}

const localEnvironment: FlowGraph["environment"] = {
  type: "LocalEnvironment",
  labels: [],
  custom: false,
  hasOnStart: false,
  hasOnExit: false,
};
