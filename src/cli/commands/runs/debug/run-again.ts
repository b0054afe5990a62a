import { resolve } from "node:path";
import { andDownstream, type RunsApi, type TaskRunRow } from "../../../../cloud/index.ts";
import type { LogRecord, RunObserver } from "../../../../engine/index.ts";
import { ExitCode } from "../../../../errors/index.ts";
import { registeredFile } from "../../../../run/operate/chosen-artifact.ts";
import { chosenTaskRuns } from "../../../../run/operate/chosen-task-runs.ts";
import { fetchPastRun, type PastRun } from "../../../../run/operate/debug/past-run.ts";
import { runAgainHere } from "../../../../run/operate/debug/run-again-here.ts";
import { withRunsApi } from "../../../../run/register/with-api.ts";
import { isFailed } from "../../../../state/index.ts";
import { accessFor } from "../../../options/access.ts";
import { readParameters } from "../../../options/parameters.ts";
import type { DebugFlags } from "../../../options/run-options.ts";
import { interruptedExitCode, interruptSignal } from "../../../process/interrupt.ts";
import { runOutput } from "../../../terminal/output/run-output.ts";
import { taskRunName } from "../../../terminal/task-runs.ts";
import { atEachSave } from "../at-each-save.ts";

/** Runs a part of a run again here; with `--edit` once more each time that the source is saved. */
export async function runAgain(run: string, wanted: string, options: DebugFlags): Promise<number> {
  const signal = interruptSignal();
  const set = await readParameters(options.set, undefined, "--set");
  const failed = await withRunsApi(await accessFor(options, process.env), async (api) => {
    const past = await fetchPastRun(api, run);
    const { edit, artifact } = options;
    if (edit === undefined)
      return once(api, past, {
        wanted,
        set,
        options,
        signal,
        file: artifact ?? (await registeredFile(past.info.flow)),
      });
    const file = resolve(edit);
    await atEachSave(file, signal, (saved) => once(api, past, { wanted, set, options, file, signal: saved }));
    return false;
  });
  if (signal.aborted) return interruptedExitCode(signal);
  return failed ? ExitCode.failed : ExitCode.ok;
}

interface Once {
  readonly wanted: string;
  readonly set: Readonly<Record<string, unknown>>;
  readonly options: DebugFlags;
  readonly file: string;
  readonly signal: AbortSignal;
}

/** Whether something failed. */
async function once(api: RunsApi, past: PastRun, { wanted, set, options, file, signal }: Once): Promise<boolean> {
  const { taskRuns, edges } = past;
  const tried = chosenTaskRuns(taskRuns, past.run, wanted);
  const output = runOutput(options);
  let failed = false;
  let over = false;
  const observer: RunObserver = {
    // The flow run itself does not go on, whatever its reference tasks would say.
    onLog: (record) => {
      if (record.name !== "prefect.FlowRunner") output.observer.onLog?.(record);
    },
    onTaskState: (entry, state) => {
      failed ||= isFailed(state);
      output.observer.onTaskState?.(entry, state);
    },
  };
  try {
    await runAgainHere(api, past, {
      again: options.from === undefined ? tried : andDownstream(tried, taskRuns, edges),
      tried,
      file,
      remake: options.remake,
      trial: { set, inspect: options.inspect ?? null },
      showOnly: false,
      shown: ({ slug, mapIndex }, inputs) => observer.onLog?.(inputsRecord(taskRuns, slug, mapIndex, inputs)),
      observer,
      loaded: (graph) => output.plan(graph),
      signal,
    });
    over = true;
  } finally {
    await output.close(over);
  }
  process.stderr.write(
    `flow-runner: ${wanted} ran here with the code of ${file}; the API was told nothing, and no result was written.\n`,
  );
  return failed;
}

/** What a task is given is told as a line of its log. */
function inputsRecord(
  runs: readonly TaskRunRow[],
  slug: string,
  mapIndex: number | null,
  inputs: Readonly<Record<string, string>>,
): LogRecord {
  const run = runs.find((each) => each.task.slug === slug && each.mapIndex === mapIndex);
  const name = run === undefined ? slug : taskRunName(run);
  const given = Object.entries(inputs).map(([input, text]) => `${input} = ${text}`);
  const message = given.length === 0 ? "It is given nothing." : `It is given ${given.join("\n")}`;
  return { time: Date.now(), level: "INFO", name: `prefect.${name}`, message, taskRunId: run?.id ?? null };
}
