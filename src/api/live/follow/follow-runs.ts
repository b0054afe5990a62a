import type { Database } from "../../database/database.ts";
import { type RunsFilter, runsView } from "../views/runs-view.ts";
import type { EventStream } from "./event-stream.ts";
import type { Look } from "./watch.ts";

/** Sends the list of runs whenever it reads otherwise than before. */
export function followRuns(database: Database, filter: RunsFilter, now: () => number): (stream: EventStream) => Look {
  return (stream) => {
    let told = "";
    return () => {
      const view = runsView(database, filter, now());
      const text = JSON.stringify({ ...view, now: 0 });
      if (text === told) return;
      told = text;
      stream.send("runs", view);
    };
  };
}
