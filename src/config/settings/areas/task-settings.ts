import { row } from "../setting.ts";
import { flag, optionalDuration, retries } from "../value-kinds.ts";

/** What tasks do that do not say it themselves. The flow's own module reads them when it is loaded. */
export const taskSettings = {
  taskMaxRetries: row<number | null>({
    names: ["PREFECT__TASKS__DEFAULTS__MAX_RETRIES"],
    kind: retries,
    fallback: null,
    fallbackText: "0",
    about: "maxRetries of tasks that do not say it; 0, false: none.",
  }),
  taskRetryDelay: row<number | false | null>({
    names: ["PREFECT__TASKS__DEFAULTS__RETRY_DELAY"],
    kind: optionalDuration,
    fallback: null,
    fallbackText: "none",
    about: "retryDelay of tasks that retry and do not say it; false: none.",
  }),
  taskTimeout: row<number | false | null>({
    names: ["PREFECT__TASKS__DEFAULTS__TIMEOUT"],
    kind: optionalDuration,
    fallback: null,
    fallbackText: "none",
    about: "timeout of tasks that do not say it; false: none.",
  }),
  taskCheckpoint: row<boolean | null>({
    names: ["PREFECT__TASKS__DEFAULTS__CHECKPOINT"],
    kind: flag,
    fallback: null,
    fallbackText: "false",
    about: "true: tasks that do not say it have checkpoint: true, which counts where the rule is 0.7.",
  }),
};
