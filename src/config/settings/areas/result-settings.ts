import { row } from "../setting.ts";
import { type CheckpointRuleName, checkpointRule, flag } from "../value-kinds.ts";
import { type HandlerChoice, handlerChoice } from "./default-handler.ts";

/** Which results are kept, and where. */
export const resultSettings = {
  checkpointing: row({
    names: ["PREFECT__FLOWS__CHECKPOINTING"],
    kind: flag,
    fallback: false,
    fallbackText: "false; execute: true",
    about: "Persist task results with their result handlers.",
  }),
  checkpointRule: row<CheckpointRuleName>({
    names: ["FLOW_RUNNER__CHECKPOINT_RULE"],
    kind: checkpointRule,
    fallback: "1.x",
    about: "Which results are persisted: 1.x, all that have a handler; 0.7, those of tasks with checkpoint: true.",
  }),
  resultHandler: row<HandlerChoice | null>({
    names: ["FLOW_RUNNER__RESULT_HANDLER", "PREFECT__ENGINE__RESULT_HANDLER__DEFAULT_CLASS"],
    kind: handlerChoice,
    fallback: null,
    fallbackText: "none",
    about:
      "Result handler of the tasks and flows that name none. Prefect 0.7's class path is taken for JSONResultHandler and LocalResultHandler; the others need a bucket.",
  }),
};
