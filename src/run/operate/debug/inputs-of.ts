import type { RunsApi, TaskRunRow } from "../../../cloud/index.ts";
import { messageOf } from "../../../errors/message-of.ts";
import { isFailed } from "../../../state/index.ts";
import type { PastRun } from "./past-run.ts";
import { runAgainHere } from "./run-again-here.ts";

/** What a task run was given, by input; or why that cannot be told here. */
export type PastInputs =
  | { readonly kind: "known"; readonly inputs: Readonly<Record<string, string>> }
  | { readonly kind: "unknown"; readonly reason: string };

/** Milliseconds for results to be read from where they lie. */
const patience = 30_000;

/**
 * What a task run was given, from persisted results and what the flow itself says, for a person to read: secrets are
 * hidden, and none of the tasks' bodies runs.
 *
 * @param file - the flow, which knows how its results are read
 */
export async function inputsOf(
  api: Pick<RunsApi, "secretValue" | "taskRunsOf">,
  past: PastRun,
  run: TaskRunRow,
  file: string,
): Promise<PastInputs> {
  let known: PastInputs = { kind: "unknown", reason: "the task does not come to run with the states of its upstreams" };
  try {
    await runAgainHere(api, past, {
      again: [run],
      tried: [run],
      file,
      remake: false,
      trial: { set: {}, inspect: null },
      showOnly: true,
      shown: (_, inputs) => {
        known = { kind: "known", inputs };
      },
      observer: {
        onTaskState: (_, state) => {
          if (isFailed(state) && known.kind === "unknown")
            known = { kind: "unknown", reason: state.message ?? state.type };
        },
      },
      signal: AbortSignal.timeout(patience),
    });
  } catch (error) {
    return { kind: "unknown", reason: messageOf(error) };
  }
  return known;
}
