import { row } from "../setting.ts";
import { duration, retries } from "../value-kinds.ts";

/** What flows do that do not say it themselves. The names are Prefect 3's, the second ones those of its earlier releases. */
export const flowSettings = {
  flowMaxRetries: row({
    names: ["PREFECT_FLOWS_DEFAULT_RETRIES", "PREFECT_FLOW_DEFAULT_RETRIES"],
    kind: retries,
    fallback: 0,
    about: "maxRetries of flows that do not say it.",
  }),
  flowRetryDelay: row({
    names: ["PREFECT_FLOWS_DEFAULT_RETRY_DELAY_SECONDS", "PREFECT_FLOW_DEFAULT_RETRY_DELAY_SECONDS"],
    kind: duration,
    fallback: 0,
    about: "retryDelay of flows that do not say it.",
  }),
};
