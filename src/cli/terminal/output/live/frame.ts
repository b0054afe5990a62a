import { isFinished, isRunning, isScheduled, type StateType } from "../../../../state/index.ts";
import { type Paint, stateColour } from "../../paint.ts";
import { clip, countText, durationText } from "../../words.ts";
import type { RunTally, TaskTally } from "./tally.ts";

export interface FrameSize {
  readonly columns: number;
  readonly rows: number;
}

/** Below this width the bar of a mapped task is left out and only its numbers are shown. */
const leastBar = 8;
const widestBar = 40;
/** Rows that are left to the log above the frame. */
const rowsForLog = 4;

/**
 * The live picture of a run: a line of totals, then a line for each task that is under way, mapped ones with a bar.
 * It never has more lines than the terminal has rows, nor wider ones than it has columns.
 *
 * @param now Epoch milliseconds.
 */
export function drawFrame(tally: RunTally, size: FrameSize, now: number, paint: Paint): string[] {
  const lines = [headLine(tally, size.columns, now, paint)];
  const shown = tally.tasks.filter(underWay);
  const room = Math.max(1, size.rows - rowsForLog);
  const kept = shown.length <= room ? shown : shown.slice(0, room - 1);
  const nameWidth = Math.min(Math.max(8, ...kept.map(({ name }) => [...name].length)), Math.floor(size.columns / 3));
  lines.push(...kept.map((task) => taskLine(task, nameWidth, size.columns, now, paint)));
  if (kept.length < shown.length)
    lines.push(clip(`  … and ${countText(shown.length - kept.length)} more`, size.columns));
  return lines;
}

/** Running, waiting for a retry, or mapped with children left. */
function underWay({ state, children }: TaskTally): boolean {
  if (children !== null) return children.finished < children.total;
  return state !== null && !isFinished(state) && (isRunning(state) || isScheduled(state));
}

function headLine(tally: RunTally, columns: number, now: number, paint: Paint): string {
  const elapsed = tally.startedAt === null ? "" : durationText(now - tally.startedAt);
  const parts = countParts(tally.counts);
  const plain = [elapsed, ...parts.map(([text]) => text)].filter(Boolean).join("  ");
  if (plain.length > columns) return clip(plain, columns);
  return [paint("bold", elapsed), ...parts.map(([text, type]) => paint(stateColour(type), text))]
    .filter(Boolean)
    .join("  ");
}

/** `12 Success`, the states in the order in which a task goes through them. */
export function countParts(counts: ReadonlyMap<StateType, number>): [text: string, type: StateType][] {
  return [...counts]
    .toSorted(([a], [b]) => rank(a) - rank(b))
    .map(([type, count]) => [`${countText(count)} ${type}`, type]);
}

const order: readonly StateType[] = ["Failed", "TimedOut", "TriggerFailed", "Running", "Retrying", "Success"];
const rank = (type: StateType): number => {
  const place = order.indexOf(type);
  return place === -1 ? order.length : place;
};

function taskLine(task: TaskTally, nameWidth: number, columns: number, now: number, paint: Paint): string {
  const name = clip(task.name, nameWidth).padEnd(nameWidth);
  const since = task.startedAt === null ? "" : durationText(now - task.startedAt);
  const { children } = task;
  if (children === null) {
    const type = task.state?.type ?? "Pending";
    return paint(stateColour(type), clip(`  ${name}  ${type} ${since}`, columns));
  }
  const numbers = `${countText(children.finished)}/${countText(children.total)}`;
  const failed = (children.counts.get("Failed") ?? 0) + (children.counts.get("TimedOut") ?? 0);
  const tail = [numbers, failed > 0 ? `${countText(failed)} failed` : "", since].filter(Boolean).join("  ");
  const room = Math.min(widestBar, columns - nameWidth - tail.length - 6);
  if (room < leastBar) return clip(`  ${name}  ${tail}`, columns);
  const full = children.total === 0 ? room : Math.floor((children.finished / children.total) * room);
  return `  ${name}  ${paint("green", "█".repeat(full))}${paint("gray", "░".repeat(room - full))}  ${tail}`;
}
