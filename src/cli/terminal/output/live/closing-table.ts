import type { StateType } from "../../../../state/index.ts";
import { type Paint, stateColour } from "../../paint.ts";
import { clip, countText, durationText } from "../../words.ts";
import { countParts } from "./frame.ts";
import type { RunTally, TaskTally } from "./tally.ts";

/** A table narrower than this is no table: then one line is written for each task. */
const narrowest = 60;
const widest = 140;
/** Columns that the borders and paddings of three cells take. */
const borders = 10;
const durationWidth = 14;

/**
 * What is said when a run is over: every task with its state and duration (a mapped one in a single line that counts
 * its children), the reasons of what failed, and the flow's final state.
 */
export async function closingTable(tally: RunTally, columns: number, paint: Paint): Promise<string> {
  const rows = tally.tasks.map(rowOf);
  const body = columns < narrowest ? plainRows(rows, columns, paint) : await boxedRows(rows, columns, paint);
  return [body, ...reasons(tally, paint), lastLine(tally, paint)].filter(Boolean).join("\n");
}

interface Row {
  readonly task: string;
  readonly state: string;
  readonly colour: StateType;
  readonly duration: string;
}

function rowOf(task: TaskTally): Row {
  const { startedAt, endedAt, children, state } = task;
  const duration = startedAt === null || endedAt === null ? "" : durationText(endedAt - startedAt);
  if (children === null) {
    const type = state?.type ?? "Pending";
    return { task: task.name, state: type, colour: type, duration };
  }
  const parts = countParts(children.counts);
  const worst = parts[0]?.[1] ?? "Mapped";
  const counts = parts.map(([text]) => text).join(", ");
  return { task: `${task.name} [${countText(children.total)}]`, state: counts || "Mapped", colour: worst, duration };
}

function plainRows(rows: readonly Row[], columns: number, paint: Paint): string {
  return rows
    .flatMap(({ task, state, colour, duration }) => {
      const what = [state, duration].filter(Boolean).join("  ");
      const lines = task.length + what.length + 2 <= columns ? [`${task}  ${what}`] : [task, `  ${what}`];
      return lines.map((line) => paint(stateColour(colour), clip(line, columns)));
    })
    .join("\n");
}

async function boxedRows(rows: readonly Row[], columns: number, paint: Paint): Promise<string> {
  if (rows.length === 0) return "";
  const { default: Table } = await import("cli-table3");
  const room = Math.min(columns, widest) - borders - durationWidth;
  const longest = Math.max(4, ...rows.map(({ task }) => [...task].length));
  const taskWidth = Math.min(longest, Math.floor(room * 0.6));
  const stateWidth = Math.min(Math.max(5, ...rows.map(({ state }) => state.length)), room - taskWidth);
  const table = new Table({
    head: ["Task", "State", "Duration"].map((title) => paint("bold", title)),
    style: { head: [], border: [], compact: true },
    colAligns: ["left", "left", "right"],
  });
  for (const { task, state, colour, duration } of rows) {
    table.push([clip(task, taskWidth), paint(stateColour(colour), clip(state, stateWidth)), duration]);
  }
  return table.toString();
}

/** The sentences of what failed by itself; a task that only followed another's failure is not repeated. */
function reasons(tally: RunTally, paint: Paint): string[] {
  return tally.tasks.flatMap(({ name, state, children }) => {
    if (children !== null) {
      const failures = children.failures.filter(({ message }) => message !== null);
      return failures.map(({ mapIndex, message }) => reason(`${name}[${mapIndex}]`, message, paint));
    }
    const own = state !== null && ["Failed", "TimedOut", "ValidationFailed"].includes(state.type);
    return own ? [reason(name, state.message, paint)] : [];
  });
}

/** Long messages (a stack, a dump) are in the log; here the sentence is enough. */
const longestReason = 400;

function reason(who: string, message: string | null, paint: Paint): string {
  return `${paint("red", clip(who, 80))}: ${clip(message ?? "no reason was given", longestReason)}`;
}

function lastLine({ flowState, startedAt, endedAt }: RunTally, paint: Paint): string {
  if (flowState === null) return "";
  const took = startedAt === null || endedAt === null ? "" : ` after ${durationText(endedAt - startedAt)}`;
  const message = flowState.message === null ? "" : `: ${clip(flowState.message, longestReason)}`;
  return `Flow run is ${paint(["bold", stateColour(flowState.type)].flat() as ["bold"], flowState.type)}${took}${message}`;
}
