import { errorTable } from "../../errors/index.ts";
import { type FlowGraph, indexGraph, type TaskSpec } from "../../graph/index.ts";
import { type CheckpointRule, checkpointVerdict } from "./checkpoint-rule.ts";

/** A result that has to be persisted and cannot be. */
export interface HandlerProblem {
  /** `error`: the task fails when it comes to it. `warning`: only a run that is resumed suffers. */
  readonly level: "error" | "warning";
  readonly task: string;
  /** The input that would be lost; null: it is the task's own result. */
  readonly input: string | null;
  readonly message: string;
}

/**
 * Finds what `Result has no ResultHandler` would be about, before anything runs: tasks that are to persist, cache or
 * find their result and have no handler, and tasks with retries whose inputs nothing persists.
 *
 * Prefect 0.7: `result_handler_check`. Inputs that come back by themselves do not count: parameters (in the flow run),
 * constants (in the artifact) and secrets (fetched again). Inputs of a cached task do not either, since validators
 * compare hashes; with a retry they are only a warning, since a container that lives has them.
 */
export function resultHandlerCheck(graph: FlowGraph, rule: CheckpointRule = "1.x"): HandlerProblem[] {
  const index = indexGraph(graph);
  return graph.tasks.flatMap((task) => {
    const own = ownResult(task);
    const inputs = task.maxRetries > 0 ? index.upstream(task.slug) : [];
    const lost = inputs.flatMap(({ key, upstream }): HandlerProblem[] => {
      const source = index.task(upstream);
      if (key === null || task.onMissingResult === "rerun" || survives(source, rule)) return [];
      const off = source.resultHandler === null ? "" : ` and "${source.slug}" is not checkpointed`;
      const trigger = `it has retries${off}: a container that dies between two attempts would lose it`;
      return [problem("warning", task, key, trigger)];
    });
    return own === null ? lost : [problem("error", task, null, own), ...lost];
  });
}

/** What makes a task need a handler that it does not have; null: nothing. */
function ownResult(task: TaskSpec): string | null {
  if (task.resultHandler !== null || task.kind !== "task") return null;
  if (task.checkpoint === true) return "it says `checkpoint: true`";
  if (task.target !== null) return "it has a target";
  return task.cacheFor === null ? null : "it is cached (`cacheFor`), and a cached result has to be read again";
}

function survives(source: TaskSpec, rule: CheckpointRule): boolean {
  if (source.kind !== "task") return true;
  const hasHandler = source.resultHandler !== null;
  return checkpointVerdict(rule, { ...source, checkpointing: true, hasHandler }) === "write";
}

function problem(
  level: HandlerProblem["level"],
  { slug, definedAt }: TaskSpec,
  input: string | null,
  trigger: string,
): HandlerProblem {
  const message = errorTable.RESULT_NO_HANDLER.message({ task: slug, input, trigger });
  return { level, task: slug, input, message: definedAt === null ? message : `${message} (${definedAt})` };
}
