import { ExitCode, FlowRunnerError } from "../../../../errors/index.ts";
import { runStory } from "../../../../run/operate/debug/run-story.ts";
import { withRunsApi } from "../../../../run/register/with-api.ts";
import { accessFor } from "../../../options/access.ts";
import type { DebugFlags } from "../../../options/run-options.ts";
import { debugReport } from "../../../terminal/debug-report.ts";
import { paintFor } from "../../../terminal/paint.ts";
import { resumeCommand } from "../resume.ts";
import { runAgain } from "./run-again.ts";

/** `debug RUN`: shows the run; with `--task` or `--from` runs a part of it again. */
export async function debugCommand(run: string, options: DebugFlags): Promise<number> {
  refuseTogether(options);
  const { task, from, report } = options;
  const wanted = task ?? from;
  if (wanted === undefined) return show(run, options);
  if (!report) return runAgain(run, wanted, options);
  process.stderr.write(
    `flow-runner: ${wanted} runs here, its states are told to the API, and its result is written.\n`,
  );
  return resumeCommand(run, { ...options, only: { task: wanted, downstream: from !== undefined } });
}

/** @throws FlowRunnerError `DEBUG_OPTIONS_EXCLUDE`, `DEBUG_OPTION_ALONE` */
function refuseTogether({ task, from, report, set, inspect, edit, artifact }: DebugFlags): void {
  const isGiven = { set: set.length > 0, inspect: inspect !== undefined, edit: edit !== undefined, report };
  const given = Object.entries(isGiven).flatMap(([option, is]) => (is ? [`--${option}`] : []));
  if (task !== undefined && from !== undefined)
    throw new FlowRunnerError("DEBUG_OPTIONS_EXCLUDE", {
      options: ["--task", "--from"],
      why: "--from runs everything downstream too",
    });
  if (edit !== undefined && artifact !== undefined)
    throw new FlowRunnerError("DEBUG_OPTIONS_EXCLUDE", {
      options: ["--edit", "--artifact"],
      why: "each names the flow that runs",
    });
  const other = given.find((option) => option !== "--report");
  if (report && other !== undefined)
    throw new FlowRunnerError("DEBUG_OPTIONS_EXCLUDE", {
      options: ["--report", other],
      why: "what the API is told is what the run itself would do",
    });
  if (task === undefined && from === undefined && given[0] !== undefined)
    throw new FlowRunnerError("DEBUG_OPTION_ALONE", { option: given[0] });
}

async function show(run: string, { artifact, json, format, ...options }: DebugFlags): Promise<number> {
  const story = await withRunsApi(await accessFor(options, process.env), (api) => runStory(api, run, { artifact }));
  const report =
    json || format === "json"
      ? JSON.stringify(story, null, 2)
      : await debugReport(story, { paint: paintFor(process.stdout), width: process.stdout.columns, artifact });
  process.stdout.write(`${report}\n`);
  return ExitCode.ok;
}
