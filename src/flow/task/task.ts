import { FlowRunnerError } from "../../errors/index.ts";
import { currentBuilder } from "../building/current-builder.ts";
import { type NamedInput, wireInputs } from "../building/wiring.ts";
import { callSite } from "../call-site.ts";
import type { Inputs, InputsOf, MapInputs, ResultOf, TaskBody, WithNamedInputs } from "../inputs/input.ts";
import { isReference, type TaskResult } from "../inputs/reference.ts";
import { taskBrand } from "../inputs/task-brand.ts";
import { isUnmapped } from "../inputs/unmapped.ts";
import { applyCallOptions, type CallOptions } from "./call-options.ts";
import { addConstant } from "./constant.ts";
import type { TaskOptions } from "./task-options.ts";
import { type TaskTemplate, taskTemplate } from "./task-template.ts";

/** The arguments of a call: the inputs may be left out where none of them is needed. */
type CallArguments<I> =
  Record<never, never> extends I
    ? [inputs?: Inputs<I>, options?: CallOptions]
    : [inputs: Inputs<I>, options?: CallOptions];

/**
 * A task. Calling it inside a flow adds it to the flow and returns a reference to its result; it does not run anything.
 * It may be called many times: each call is a task of the flow, with a slug of its own.
 */
export interface Task<I, R, Returned = R | Promise<R>> {
  (...args: CallArguments<I>): TaskResult<R>;
  /**
   * Adds it as a mapped task: one child for each element. Every input is an array (or a reference to one) that is taken
   * apart, unless it is `unmapped()`; several are taken apart in step, up to the end of the shortest.
   *
   * @example fetchDay.map({ day: days, station: unmapped(station) })
   */
  map(inputs: MapInputs<I>, options?: CallOptions): TaskResult<R[]>;
  /** Runs the body directly, without a flow: for unit tests, and to call one task's code from another's. */
  readonly run: (...args: Record<never, never> extends I ? [inputs?: I] : [inputs: I]) => Returned;
  readonly name: string;
}

/**
 * Declares a task: a name, and a body that gets one object of named inputs and returns (or resolves to) the result.
 *
 * @throws FlowRunnerError `TASK_OPTION_INVALID`.
 * @example
 * ```ts
 * const fetchDay = task("fetch day", async ({ day }: { day: string }) => readings(day), {
 *   maxRetries: 3,
 *   retryDelay: "10s",
 * });
 * ```
 */
export function task<Body extends TaskBody>(
  name: string,
  body: Body & WithNamedInputs<Body>,
  options: TaskOptions = {},
): Task<InputsOf<Body>, ResultOf<Body>, ReturnType<Body>> {
  const site = callSite();
  const run = body as (inputs: Record<string, unknown>) => unknown;
  if (typeof run !== "function") {
    throw new FlowRunnerError("TASK_OPTION_INVALID", {
      task: String(name),
      option: "body",
      problem: "it must be a function.",
    });
  }
  const template = taskTemplate({ name, kind: "task", definedAt: site.place }, run, options);

  const call = (inputs: unknown = {}, callOptions: CallOptions = {}): TaskResult<unknown> => {
    const wiring = wireInputs(
      name,
      namedInputs(name, inputs).map(([key, value]) => ({ name: key, value, mapped: false })),
    );
    return applyCallOptions(name, builderFor(name).addTask(template, wiring), callOptions);
  };
  const map = (inputs: unknown, callOptions: CallOptions = {}): TaskResult<unknown> =>
    applyCallOptions(name, addMapped(template, inputs), callOptions);

  Object.defineProperties(call, { name: { value: name }, [taskBrand]: { value: true } });
  // The conditional types of a call's arguments only exist for the caller.
  return Object.assign(call, { map, run }) as unknown as Task<InputsOf<Body>, ResultOf<Body>, ReturnType<Body>>;
}

const builderFor = (name: string) =>
  currentBuilder(
    `Task "${name}"`,
    "Calling a task adds it to the flow that is being built. To run its body directly, call its run(inputs).",
  );

function addMapped(template: TaskTemplate, inputs: unknown): TaskResult<unknown> {
  const { name } = template.spec;
  const builder = builderFor(name);
  const refuse = (problem: string): never => {
    throw new FlowRunnerError("TASK_INPUTS_INVALID", { task: name, problem });
  };
  const wired = namedInputs(name, inputs).map(([key, value]): NamedInput => {
    if (isUnmapped(value)) return { name: key, value: value.value, mapped: false };
    if (isReference(value)) return { name: key, value, mapped: true };
    if (Array.isArray(value)) return { name: key, value: addConstant(builder, name, value), mapped: true };
    return refuse(
      `map() takes each input apart, but ${key} is no array and no task's result. Give it whole to every child with unmapped().`,
    );
  });
  if (!wired.some(({ mapped }) => mapped)) refuse("map() needs at least one input that is not unmapped().");
  return builder.addTask(template, wireInputs(name, wired));
}

function namedInputs(task: string, inputs: unknown): [name: string, value: unknown][] {
  if (typeof inputs === "object" && inputs !== null && !Array.isArray(inputs) && !isReference(inputs)) {
    return Object.entries(inputs);
  }
  throw new FlowRunnerError("TASK_INPUTS_INVALID", {
    task,
    problem: "it takes one object of named inputs, for example { rows }.",
  });
}
