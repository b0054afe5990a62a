import { FlowRunnerError } from "../../errors/index.ts";
import type { ReferenceTasks } from "../flow-options.ts";
import type { TaskResult } from "../inputs/reference.ts";
import type { FlowBuilder } from "./builder.ts";
import { currentBuilder } from "./current-builder.ts";

/**
 * Says, inside a build function, which tasks decide the state of a flow run; none: the terminal ones. The flow's option
 * `referenceTasks`, where there is one, is what counts.
 *
 * @example setReferenceTasks(report, upload);
 */
export function setReferenceTasks(...tasks: readonly TaskResult<unknown>[]): void {
  const builder = currentBuilder("setReferenceTasks()", "Call it inside the function given to flow().");
  builder.referenceTasks = slugs(builder, tasks);
}

/** The slugs of the reference tasks; null: the terminal tasks. */
export function chosenReferenceTasks<Returned>(
  builder: FlowBuilder,
  option: ReferenceTasks<Returned> | undefined,
  returned: Returned,
): string[] | null {
  if (option === undefined) return builder.referenceTasks === null ? null : [...builder.referenceTasks];
  if (typeof option === "function") return slugs(builder, [option(returned)].flat());
  const unknown = option.filter((slug) => !builder.definitions.has(slug));
  if (unknown.length > 0) {
    const known = [...builder.definitions.keys()];
    throw new FlowRunnerError("REFERENCE_TASK_UNKNOWN", { flow: builder.name, tasks: unknown, known });
  }
  return option.length === 0 ? null : [...new Set(option)];
}

function slugs(builder: FlowBuilder, tasks: readonly TaskResult<unknown>[]): string[] | null {
  return tasks.length === 0 ? null : [...new Set(tasks.map((task) => builder.ownSlug(task)))];
}
