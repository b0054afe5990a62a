import { expect } from "vitest";
import { eventually } from "../../eventually.ts";
import { ask } from "../../prefect-3/api.ts";

const ends: readonly (string | null)[] = ["COMPLETED", "FAILED", "CRASHED", "CANCELLED"];

/** Resolves once the server has recorded how a flow run's task runs have ended: it does so after it has answered. */
export const recorded = (url: string, flowRunId: string): Promise<void> =>
  eventually(async () => {
    const filter = { flow_runs: { id: { any_: [flowRunId] } }, limit: 200 };
    const runs = await ask<{ name: string; state_type: string | null; state_name: string | null }[]>(
      ...([url, "POST", "/task_runs/filter", filter] as const),
    );
    expect(runs).not.toEqual([]);
    const open = runs.filter(({ state_type, state_name }) => !ends.includes(state_type) && state_name !== "NotReady");
    expect(open).toEqual([]);
  });
