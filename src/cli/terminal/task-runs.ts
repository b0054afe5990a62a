import type { TaskRunRow } from "../../cloud/index.ts";
import { fullName } from "../../graph/full-name.ts";
import { countText, printable } from "./words.ts";

/** As a person names it: `clean[3]`. */
export const taskRunName = ({ task, mapIndex }: Pick<TaskRunRow, "task" | "mapIndex">): string =>
  fullName(task.name, mapIndex);

/** So many names are worth reading. */
const mostNames = 8;

/** The names of task runs that run again, as the beginning of a sentence: `sum, clean[3] run`. */
export function listedRuns(runs: readonly TaskRunRow[]): string {
  if (runs.length === 0) return "what has not run yet runs, nothing";
  const names = runs.map((run) => printable(taskRunName(run)));
  const more = names.length - mostNames;
  const list = more > 0 ? `${names.slice(0, mostNames).join(", ")} and ${countText(more)} more` : names.join(", ");
  return `${list} ${names.length === 1 ? "runs" : "run"}`;
}
