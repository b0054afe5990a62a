import { currentBuilder } from "../building/current-builder.ts";
import { callSite } from "../call-site.ts";
import type { TaskResult } from "../inputs/reference.ts";
import { context } from "../running/context.ts";
import { taskTemplate } from "./task-template.ts";

/**
 * A secret as an input: a task of its own, whose value is fetched when the flow runs and never persisted; a resumed run
 * fetches it again. Prefect 0.7: two retries, one second apart.
 *
 * @param name What the providers know it by: `AWS_CREDENTIALS`, `gcp:projects/p/secrets/s`, `file:token`.
 * @example upload({ file, token: secret<string>("UPLOAD_TOKEN") })
 */
export function secret<T = unknown>(name: string): TaskResult<T> {
  const site = callSite();
  const builder = currentBuilder(
    `Secret "${name}"`,
    "Use it as an input inside the function given to flow(), or read context.secrets.get() in a task's body.",
  );
  const template = taskTemplate(
    { name, kind: "secret", definedAt: site.place, fixedHandler: { type: "SecretResultHandler", name } },
    () => context.secrets.get(name),
    { maxRetries: 2, retryDelay: "1s", checkpoint: false, onMissingResult: "rerun" },
  );
  return builder.addTask<T>(template, { edges: [], bind: () => ({}) });
}
