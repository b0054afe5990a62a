import type { FlowBuilder } from "../building/builder.ts";
import { wireInputs } from "../building/wiring.ts";
import type { TaskResult } from "../inputs/reference.ts";
import { taskTemplate } from "./task-template.ts";

/**
 * Makes a task of an array that is mapped over: a literal, or one that holds references. Prefect 1.x does so too;
 * its names are `Constant[list]` and `List`. Other literals are no tasks: they stay in the inputs of the call.
 */
export function addConstant(
  builder: FlowBuilder,
  task: string,
  items: readonly unknown[],
): TaskResult<readonly unknown[]> {
  const wiring = wireInputs(task, [{ name: "items", value: items, mapped: false }]);
  const template = taskTemplate(
    { name: wiring.edges.length === 0 ? "Constant[list]" : "List", kind: "constant", definedAt: null },
    (inputs) => inputs.items,
    // It is made again from the flow itself, so there is nothing to persist and nothing to lose.
    { checkpoint: false, onMissingResult: "rerun" },
  );
  return builder.addTask(template, wiring);
}
