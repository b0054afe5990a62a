import type { FlowRunRow, LogLine, TaskRunRow } from "../../cloud/index.ts";
import type { SourceLines } from "../../run/operate/debug/source-lines.ts";
import { type Cell, columns } from "./columns.ts";
import { countParts } from "./live/frame.ts";
import { logLine } from "./log-line.ts";
import { type Paint, stateColour } from "./paint.ts";
import { durationText, printable } from "./words.ts";

/** What is known of a flow run, for a person who wants to know why it failed. */
export interface RunStory {
  readonly run: FlowRunRow;
  readonly taskRuns: readonly TaskRunRow[];
  /** The task run that failed first; null: none did. */
  readonly failure: TaskRunRow | null;
  /** The last lines of its log. */
  readonly log: readonly LogLine[];
  /** Where it failed; null: its source is not here. */
  readonly source: SourceLines | null;
}

export interface ReportOptions {
  readonly paint: Paint;
  readonly columns: number;
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
    ...(failure === null ? ["No task run failed."] : failureLines(story, failure, paint)),
  ].join("\n");
}

const tookText = ({ started, ended }: Pick<FlowRunRow, "started" | "ended">): string =>
  started === null || ended === null ? "" : ` after ${durationText(ended - started)}`;

/** Constants are tasks only to the engine; of a mapped task the children are counted. */
function taskTable({ taskRuns }: RunStory, { paint, columns: width }: ReportOptions): Promise<string> {
  const start = (runs: TaskRunRow): number => runs.started ?? Number.POSITIVE_INFINITY;
  const inOrder = taskRuns.toSorted((a, b) => (start(a) === start(b) ? 0 : start(a) - start(b)));
  const byTask = Map.groupBy(inOrder, ({ task }) => task.slug);
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
    ];
  });
  return columns(["Task", "State", "Took"], rows, { paint, width });
}

function durationOf(runs: readonly TaskRunRow[]): string {
  const started = Math.min(...runs.map((run) => run.started ?? Number.POSITIVE_INFINITY));
  const ended = Math.max(...runs.map((run) => run.ended ?? Number.NEGATIVE_INFINITY));
  return Number.isFinite(started) && Number.isFinite(ended) ? durationText(Math.max(0, ended - started)) : "";
}

function failureLines({ run, log, source }: RunStory, failure: TaskRunRow, paint: Paint): string[] {
  const { task, mapIndex, state } = failure;
  const name = mapIndex === null ? task.name : `${task.name}[${mapIndex}]`;
  return [
    `${paint("bold", "Failed first:")} ${paint("red", printable(name))}${tookText(failure)}, ${state.type}`,
    `  ${printable(state.message ?? "no reason was given").replaceAll("\n", "\n  ")}`,
    ...(source === null ? [] : sourceText(source, paint)),
    "",
    paint("bold", `Its log${log.length === 0 ? " is empty." : ", the last lines:"}`),
    ...log.map(({ time, level, message }) => logLine({ time, level, name, message, taskRunId: failure.id }, paint)),
    "",
    `Run it again here, telling the API nothing: flow-runner debug ${run.id} --task '${name}' [--artifact FILE]`,
    `Have the run go on from it:                 flow-runner retry ${run.id}`,
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
