import { FlowRunnerError } from "../../errors/index.ts";
import type { TaskDefinition } from "../definition.ts";
import type { Reference } from "../inputs/reference.ts";
import { captureShape, fillShape, type Shape } from "../inputs/shape.ts";

/** An edge that is still to be given its downstream task. */
export interface WiredEdge {
  readonly key: string;
  readonly mapped: boolean;
  readonly reference: Reference<unknown>;
}

/** How one call's inputs become edges, and how the values of the edges become inputs again. */
export interface TaskWiring {
  readonly edges: readonly WiredEdge[];
  readonly bind: TaskDefinition["bind"];
}

/** One input of a call. */
export interface NamedInput {
  readonly name: string;
  readonly value: unknown;
  readonly mapped: boolean;
}

/** Wires the inputs of one call of a task, in the order in which they were written. */
export function wireInputs(task: string, inputs: readonly NamedInput[]): TaskWiring {
  const edges: WiredEdge[] = [];
  const shapes = inputs.map(({ name, value, mapped }): readonly [string, Shape] => {
    const { shape, found } = captureShape(value, [name], (problem) => {
      throw new FlowRunnerError("TASK_INPUTS_INVALID", { task, problem });
    });
    edges.push(...found.map(({ key, reference }) => ({ key, reference, mapped })));
    return [name, shape];
  });
  return {
    edges,
    bind: (value) => Object.fromEntries(shapes.map(([name, shape]) => [name, fillShape(shape, value)])),
  };
}
