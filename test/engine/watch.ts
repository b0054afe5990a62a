import type { LogRecord } from "../../src/engine/index.ts";
import type { Flow } from "../../src/index.ts";
import { type LocalRun, type RunHereOptions, runHere } from "../../src/run/here/local.ts";
import type { State } from "../../src/state/index.ts";

/** A run, and everything that its observer was told. */
export interface Watched {
  readonly run: LocalRun;
  /** Every state change in order: `double-1 Running`, `double-1[3] Success`, `flow Running`. */
  readonly story: readonly string[];
  readonly logs: readonly LogRecord[];
  /** The types of the states that one task run went through: `types("double-1[0]")`. */
  types(label: string): string[];
  /** Those states themselves. */
  states(label: string): State[];
  /** The last state. */
  last(label: string): State;
}

export const labelOf = (run: { readonly slug: string; readonly mapIndex: number | null }): string =>
  run.mapIndex === null ? run.slug : `${run.slug}[${run.mapIndex}]`;

/** Runs a flow here and remembers what happened. */
export async function watch(flow: Flow, options: RunHereOptions = {}): Promise<Watched> {
  const told: { label: string; state: State }[] = [];
  const logs: LogRecord[] = [];
  const run = await runHere(flow, {
    ...options,
    observer: {
      onTaskState: (entry, state) => told.push({ label: labelOf(entry), state }),
      onFlowState: (state) => told.push({ label: "flow", state }),
      onLog: (record) => logs.push(record),
    },
  });
  const states = (label: string): State[] => told.filter((each) => each.label === label).map(({ state }) => state);
  return {
    run,
    logs,
    story: told.map(({ label, state }) => `${label} ${state.type}`),
    states,
    types: (label) => states(label).map(({ type }) => type),
    last: (label) => {
      const state = states(label).at(-1);
      if (state === undefined) throw new Error(`${label} had no state; there were: ${told.map((each) => each.label)}`);
      return state;
    },
  };
}
