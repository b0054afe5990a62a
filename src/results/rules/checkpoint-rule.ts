/** Whose rule says which results are persisted. */
export type CheckpointRule = "1.x" | "0.7";

/** What is known of a task when its result may have to be persisted. */
export interface CheckpointQuestion {
  /** The run persists results at all. */
  readonly checkpointing: boolean;
  /** What the task's author said; null: nothing. */
  readonly checkpoint: boolean | null;
  readonly kind: "task" | "parameter" | "constant" | "secret";
  /** The task, its flow or the runner has a handler for it. */
  readonly hasHandler: boolean;
}

/**
 * Whether a result is persisted: `refuse` is `Result has no ResultHandler`, for a task whose author asks for a
 * checkpoint that nothing can write.
 *
 * - `1.x`: every result that has a handler, unless the task says `checkpoint: false`.
 * - `0.7`: only tasks that say `checkpoint: true`, and parameters, which say so by themselves.
 *
 * Other than in Prefect 1.x, a task with `checkpoint: true` and no handler is refused and not passed over in silence.
 */
export function checkpointVerdict(rule: CheckpointRule, question: CheckpointQuestion): "write" | "skip" | "refuse" {
  const { checkpointing, checkpoint, kind, hasHandler } = question;
  const asked = checkpoint ?? (kind === "parameter" ? true : null);
  if (!checkpointing || asked === false) return "skip";
  if (asked === true) return hasHandler ? "write" : "refuse";
  return rule === "1.x" && hasHandler ? "write" : "skip";
}
