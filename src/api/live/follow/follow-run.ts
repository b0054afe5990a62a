import type { Database } from "../../database/database.ts";
import type { RunChanges, RunDetail, RunSnapshot } from "../view.ts";
import { newest } from "../views/columns.ts";
import { linesBetween, newestLines } from "../views/log-lines.ts";
import { edgesOf, runDetail, taskRunsChangedSince, taskRunsOf, tasksOf } from "../views/run-view.ts";
import type { EventStream } from "./event-stream.ts";
import type { Look } from "./watch.ts";

/** How far a page has been told: the newest rows of what only grows, in one data file, since the last removal of runs. */
interface Place {
  readonly file: string;
  readonly removals: number;
  readonly states: number;
  readonly logs: number;
}

/**
 * Sends a run whole, and then what changes in it.
 *
 * @param tenantId - each data file has its own
 * @param lastEventId - what the page was told last, over a connection that was cut
 */
export function followRun(
  database: Database,
  tenantId: string,
  runId: string,
  lastEventId: string | null,
  now: () => number,
): (stream: EventStream) => Look {
  return (stream) => {
    let told: Place | null = lastEventId === null ? null : readPlace(lastEventId);
    let toldRun = "";
    return () => {
      const here = placeOf(database, tenantId);
      const run = runDetail(database, runId);
      const text = JSON.stringify(run);
      if (run === null) {
        if (toldRun !== text) stream.send("gone", {});
        toldRun = text;
        told = null;
        return;
      }
      if (told === null || !isAfter(here, told)) {
        stream.send("snapshot", snapshot(database, run, here, now()), placeText(here));
      } else {
        const changes = changesBetween(database, run, told, here, now());
        const isNews = text !== toldRun || changes.taskRuns.length > 0 || changes.logs.length > 0;
        if (isNews) stream.send("changes", changes, placeText(here));
      }
      told = here;
      toldRun = text;
    };
  };
}

function snapshot(database: Database, run: RunDetail, here: Place, now: number): RunSnapshot {
  return {
    run,
    tasks: tasksOf(database, run.flowId),
    edges: edgesOf(database, run.flowId),
    taskRuns: taskRunsOf(database, run.id),
    logs: newestLines(database, "flow_run", run.id, here.logs + 1),
    now,
  };
}

/** Another process may write at any moment: a line after this place is told with the next changes, and only there. */
function changesBetween(database: Database, run: RunDetail, told: Place, here: Place, now: number): RunChanges {
  const taskRuns = taskRunsChangedSince(database, run.id, told.states);
  return { run, taskRuns, logs: linesBetween(database, run.id, told.logs, here.logs), now };
}

function placeOf(database: Database, file: string): Place {
  const removals = Number(database.first("SELECT count FROM removal")?.count);
  return { file, removals, states: newest(database, "task_run_state"), logs: newest(database, "log") };
}

const isAfter = (here: Place, told: Place): boolean =>
  here.file === told.file && here.removals === told.removals && here.states >= told.states && here.logs >= told.logs;

const placeText = ({ file, removals, states, logs }: Place): string => [file, removals, states, logs].join(".");

function readPlace(text: string): Place | null {
  const [, file, removals, states, logs] = /^([0-9a-f-]{36})\.(\d+)\.(\d+)\.(\d+)$/.exec(text) ?? [];
  if (file === undefined) return null;
  return { file, removals: Number(removals), states: Number(states), logs: Number(logs) };
}
