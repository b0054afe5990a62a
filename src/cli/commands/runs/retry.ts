import { ExitCode } from "../../../errors/index.ts";
import { retryRun } from "../../../run/operate/retry-run.ts";
import { withRunsApi } from "../../../run/register/with-api.ts";
import { accessFor } from "../../access.ts";
import type { OperateFlags } from "../../options.ts";
import { countText } from "../../terminal/words.ts";

/** `retry RUN`: says what runs again. */
export async function retryCommand(run: string, options: OperateFlags): Promise<number> {
  const access = await accessFor(options, process.env);
  const { run: found, again, kept } = await withRunsApi(access, (api) => retryRun(api, run));
  const names = again.map(({ task, mapIndex }) => (mapIndex === null ? task.name : `${task.name}[${mapIndex}]`));
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ id: found.id, name: found.name, again: names, kept })}\n`);
    return ExitCode.ok;
  }
  process.stdout.write(
    `Flow run ${found.name} (${found.id}) is scheduled: ${listed(names)} ${names.length === 1 ? "runs" : "run"} again, ${countText(kept)} kept.\n`,
  );
  return ExitCode.ok;
}

/** So many names are worth reading. */
const mostNames = 8;

function listed(names: readonly string[]): string {
  if (names.length === 0) return "what has not run yet, nothing";
  const more = names.length - mostNames;
  return more > 0 ? `${names.slice(0, mostNames).join(", ")} and ${countText(more)} more` : names.join(", ");
}
