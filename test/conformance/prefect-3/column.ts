import { ask } from "../../prefect-3/api.ts";
import { recorded } from "./recorded.ts";
import type { PlannedRun3 } from "./runs.ts";

/** One side: who executes flow runs of the table's flows, all on one server. */
export interface Column3 {
  /** How many runs it executes at the same time. */
  readonly atATime: number;
  /** Executes a flow run as a worker's process would; resolves when that has ended, with whether its exit code were 0. */
  execute(graph: string, flowRunId: string): Promise<boolean>;
  close(): Promise<void>;
}

/** Plays one flow run; resolves with its id. */
export async function play3(url: string, column: Column3, { graph, parameters, steps }: PlannedRun3): Promise<string> {
  const flow = await ask<{ id: string }>(url, "POST", "/flows/", { name: graph });
  const body = { flow_id: flow.id, parameters: parameters ?? {}, state: { type: "PENDING" } };
  const { id } = await ask<{ id: string }>(url, "POST", "/flow_runs/", body);
  const set = (state: object, force: boolean) =>
    ask(url, "POST", `/flow_runs/${id}/set_state`, { state: { message: "by hand", ...state }, force });
  for (const step of steps ?? ["execute"]) {
    if (step === "recorded") await recorded(url, id);
    else if (step !== "execute") await set(step, true);
    // What a worker says of a process that has not said it itself.
    else if (!(await column.execute(graph, id))) await set({ type: "CRASHED" }, false);
  }
  return id;
}
