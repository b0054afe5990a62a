import type { FlowRunRow, TaskRunRow } from "../../cloud/index.ts";
import type { VersionDifference } from "../../run/operate/debug/code-difference.ts";
import type { FailureStory, RunStory } from "../../run/operate/debug/run-story.ts";
import type { SourceLines } from "../../run/operate/debug/source-lines.ts";
import { type Cell, columns } from "./columns.ts";
import { logLine } from "./log-line.ts";
import { countParts } from "./output/live/frame.ts";
import { type Paint, stateColour } from "./paint.ts";
import { taskRunName } from "./task-runs.ts";
import { durationText, printable } from "./words.ts";

export interface ReportOptions {
  readonly paint: Paint;
  /** Of the terminal; undefined: no terminal. */
  readonly width: number | undefined;
  /** The flow that was named; undefined: none. */
  readonly artifact?: string | undefined;
}

/** The run, its tasks, what failed first with its message and its log, and what to do next. */
export async function debugReport(story: RunStory, options: ReportOptions): Promise<string> {
  const { run, failure } = story;
  const { paint } = options;
  const state = run.state ?? "Pending";
  return [
    `Flow run ${paint("bold", printable(run.name))} (${run.id}) of ${printable(run.flow.name)} is ${paint(stateColour(state), state)}${tookText(run)}`,
    ...(run.message === null ? [] : [printable(run.message)]),
    `Parameters: ${printable(JSON.stringify(run.parameters))}`,
    "",
    await taskTable(story, options),
    ...(failure === null ? ["No task run failed."] : failureLines(failure, paint)),
    ...codeLines(story, paint),
    ...(failure === null ? [] : nextLines(story, failure, options)),
  ].join("\n");
}

const tookText = ({ started, ended }: Pick<FlowRunRow, "started" | "ended">): string =>
  started === null || ended === null ? "" : ` after ${durationText(ended - started)}`;

const taskHead = [
  { title: "Task", least: 12 },
  { title: "State", least: 10 },
  { title: "Took", leaves: 1 },
  { title: "After", least: 10, leaves: 2 },
] as const;

/** Constants are tasks only to the engine; of a mapped task the children are counted. */
function taskTable({ taskRuns, edges }: RunStory, { paint, width }: ReportOptions): Promise<string> {
  const start = (runs: TaskRunRow): number => runs.started ?? Number.POSITIVE_INFINITY;
  const inOrder = taskRuns.toSorted((a, b) => (start(a) === start(b) ? 0 : start(a) - start(b)));
  const byTask = Map.groupBy(inOrder, ({ task }) => task.slug);
  const names = new Map(taskRuns.map(({ task }) => [task.id, task.name]));
  const above = Map.groupBy(edges, ({ downstream }) => downstream);
  const rows = [...byTask.values()].map((runs): Cell[] => {
    const children = runs.filter(({ mapIndex }) => mapIndex !== null);
    const counted = children.length > 0 ? children : runs;
    const counts = new Map(
      [...Map.groupBy(counted, ({ state }) => state.type)].map(([type, those]) => [type, those.length]),
    );
    const parts = countParts(counts);
    const [single] = runs;
    const name = single === undefined ? "" : single.task.name;
    const text = children.length > 0 ? parts.map(([part]) => part).join(", ") : (single?.state.type ?? "");
    return [
      children.length > 0 ? `${name} [${children.length}]` : name,
      { text, colour: stateColour(parts[0]?.[1] ?? "Pending") },
      durationOf(counted),
      [...new Set((above.get(single?.task.id ?? "") ?? []).map(({ upstream }) => names.get(upstream) ?? ""))].join(
        ", ",
      ),
    ];
  });
  return columns(taskHead, rows, { paint, width });
}

function durationOf(runs: readonly TaskRunRow[]): string {
  const started = Math.min(...runs.map((run) => run.started ?? Number.POSITIVE_INFINITY));
  const ended = Math.max(...runs.map((run) => run.ended ?? Number.NEGATIVE_INFINITY));
  return Number.isFinite(started) && Number.isFinite(ended) ? durationText(Math.max(0, ended - started)) : "";
}

function failureLines(failure: FailureStory, paint: Paint): string[] {
  const { taskRun, attempts, usage, inputs, log, source } = failure;
  const { state } = taskRun;
  const name = taskRunName(taskRun);
  const attempt = attempts > 1 ? `, at attempt ${attempts}` : "";
  return [
    `${paint("bold", "Failed first:")} ${paint("red", printable(name))}${tookText(taskRun)}${attempt}, ${state.type}`,
    indented(state.message ?? "no reason was given"),
    ...(usage === null ? [] : [indented(`It ${usage}`)]),
    ...(source === null ? [] : sourceText(source, paint)),
    "",
    ...inputLines(inputs, paint),
    "",
    paint("bold", `Its log${log.length === 0 ? " is empty." : ", the last lines:"}`),
    ...log.map(({ time, level, message }) => logLine({ time, level, name, message, taskRunId: taskRun.id }, paint)),
    "",
  ];
}

const indented = (text: string): string => `  ${printable(text).replaceAll("\n", "\n  ")}`;

function inputLines(inputs: FailureStory["inputs"], paint: Paint): string[] {
  if (inputs.kind === "unknown") return [`${paint("bold", "Its inputs")} are not known: ${printable(inputs.reason)}`];
  const given = Object.entries(inputs.inputs);
  if (given.length === 0) return [paint("bold", "It has no inputs.")];
  return [paint("bold", "Its inputs:"), ...given.map(([name, text]) => indented(`${name} = ${text}`))];
}

function codeLines({ code, tasksKnown }: RunStory, paint: Paint): string[] {
  if (typeof code === "string") {
    return [`${paint("bold", "Its code")} is not here, name it by --artifact FILE. ${printable(code)}`, ""];
  }
  const { image, ran, here, name, added, removed, savedWith, versions } = code;
  const where = image === null ? "" : ` in image ${printable(image)}`;
  const same = ran === here || ran === null;
  const only = (slugs: readonly string[], whose: string) =>
    slugs.length === 0 ? [] : [indented(`only ${whose} has ${slugs.join(", ")}`)];
  return [
    same
      ? `${paint("bold", "Its code:")} ${here.slice(0, 12)}${where}, the same as ${printable(name)}`
      : `${paint("bold", "Its code:")} ${ran.slice(0, 12)}${where}; ${printable(name)} is another, ${here.slice(0, 12)}, saved with flow-runner ${savedWith.flowRunner} on Node ${savedWith.node}`,
    ...(same || added.length + removed.length > 0
      ? []
      : [
          indented(
            `${tasksKnown ? "the slugs of its tasks are the same" : "it has every task that the run has come to"}: the run can go on with it`,
          ),
        ]),
    ...only(added, printable(name)),
    ...only(removed, "the run"),
    ...(versions ?? []).map((each) => indented(differenceText(each))),
    ...(versions === null
      ? [indented("which versions of Node and of its packages it ran with is not known: its log does not say")]
      : []),
    "",
  ];
}

/** `pg was 8.11.0 there, and is 8.12.1 here` */
function differenceText({ name, there, here }: VersionDifference): string {
  if (there === null) return `${name} ${here} is imported only here`;
  return here === null ? `${name} ${there} was imported only there` : `${name} was ${there} there, and is ${here} here`;
}

/** Where the code that is here is the run's own, it is tried without being named. */
function nextLines({ run: { id }, code }: RunStory, { taskRun }: FailureStory, { artifact }: ReportOptions): string[] {
  const isHere = typeof code !== "string";
  const named = artifact === undefined ? "" : ` --artifact ${artifact}`;
  const mended = artifact ?? "FILE";
  return [
    `Try it here, telling the API nothing: flow-runner debug ${id} --task '${taskRunName(taskRun)}'${isHere ? named : ` --artifact ${mended}`}`,
    `Have the run go on with a mended flow: flow-runner resume ${id} --artifact ${mended}`,
    `Have the run go on as it is: flow-runner retry ${id}`,
  ];
}

function sourceText({ file, line, lines }: SourceLines, paint: Paint): string[] {
  const width = String(lines.at(-1)?.number ?? line).length;
  return [
    "",
    paint("bold", `${printable(file)}:${line}`),
    ...lines.map(({ number, text }) => {
      const shown = `${number === line ? ">" : " "} ${String(number).padStart(width)} | ${printable(text)}`;
      return number === line ? paint("red", shown) : shown;
    }),
  ];
}
