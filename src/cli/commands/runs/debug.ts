import { dirname, resolve } from "node:path";
import { andDownstream, type TaskRunRow } from "../../../cloud/index.ts";
import type { LogRecord } from "../../../engine/index.ts";
import { ExitCode, FlowRunnerError } from "../../../errors/index.ts";
import { chosenTaskRuns } from "../../../run/operate/chosen-task-runs.ts";
import { fetchPastRun } from "../../../run/operate/debug/past-run.ts";
import { registeredFile, runAgainHere } from "../../../run/operate/debug/run-again-here.ts";
import { runStory } from "../../../run/operate/debug/run-story.ts";
import { withRunsApi } from "../../../run/register/with-api.ts";
import { isFailed } from "../../../state/index.ts";
import { accessFor } from "../../access.ts";
import { interruptedExitCode, interruptSignal } from "../../interrupt.ts";
import type { DebugFlags } from "../../options.ts";
import { debugReport } from "../../terminal/debug-report.ts";
import { paintFor } from "../../terminal/paint.ts";
import { runOutput } from "../../terminal/run-output.ts";
import { taskRunName } from "../../terminal/task-runs.ts";

/** `debug RUN`: shows the run; with `--task` or `--from` runs a part of it again. */
export async function debugCommand(run: string, options: DebugFlags): Promise<number> {
  const { task, from } = options;
  if (task !== undefined && from !== undefined) throw new FlowRunnerError("DEBUG_OPTIONS_EXCLUDE", {});
  const wanted = task ?? from;
  return wanted === undefined ? show(run, options) : runAgain(run, wanted, options);
}

async function show(run: string, options: DebugFlags): Promise<number> {
  const { artifact, json } = options;
  const folders = [process.cwd(), ...(artifact === undefined ? [] : [dirname(resolve(artifact))])];
  const story = await withRunsApi(await accessFor(options, process.env), (api) =>
    runStory(api, run, { artifact, folders }),
  );
  const report = json
    ? JSON.stringify(story, null, 2)
    : await debugReport(story, { paint: paintFor(process.stdout), columns: process.stdout.columns ?? 100, artifact });
  process.stdout.write(`${report}\n`);
  return ExitCode.ok;
}

async function runAgain(run: string, wanted: string, options: DebugFlags): Promise<number> {
  const signal = interruptSignal();
  const output = runOutput(options);
  let failed = false;
  let over = false;
  try {
    const file = await withRunsApi(await accessFor(options, process.env), async (api) => {
      const past = await fetchPastRun(api, run);
      const tried = chosenTaskRuns(past.taskRuns, past.run, wanted);
      const code = options.artifact ?? (await registeredFile(past));
      await runAgainHere(api, past, {
        again: options.from === undefined ? tried : andDownstream(tried, past.taskRuns, past.edges),
        tried,
        file: code,
        remake: options.remake,
        trial: { set: {}, inspect: null },
        showOnly: false,
        shown: ({ slug, mapIndex }, inputs) =>
          output.observer.onLog?.(inputsRecord(past.taskRuns, slug, mapIndex, inputs)),
        observer: {
          // The flow run itself does not go on, whatever its reference tasks would say.
          onLog: (record) => {
            if (record.name !== "prefect.FlowRunner") output.observer.onLog?.(record);
          },
          onTaskState: (entry, state) => {
            failed ||= isFailed(state);
            output.observer.onTaskState?.(entry, state);
          },
        },
        loaded: (graph) => output.plan(graph),
        signal,
      });
      return code;
    });
    over = true;
    process.stderr.write(
      `flow-runner: ${wanted} ran here with the code of ${file}; the API was told nothing, and no result was written.\n`,
    );
  } finally {
    await output.close(over);
  }
  if (signal.aborted) return interruptedExitCode(signal);
  return failed ? ExitCode.failed : ExitCode.ok;
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
