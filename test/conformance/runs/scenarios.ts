import type { PlannedRun, Step } from "./scenario.ts";

const past = "2020-01-02T03:04:05.678901+00:00";
const future = "2120-01-02T03:04:05.678901+00:00";

const twice: readonly PlannedRun[] = [{}, {}];
const withParameters = (...each: readonly Record<string, unknown>[]): readonly PlannedRun[] =>
  each.map((parameters) => ({ parameters }));
const steps = (...all: readonly Step[]): readonly PlannedRun[] => [{ steps: all }];
const before = (task: string, state: Record<string, unknown>) => steps({ task, state }, "execute");
const resumed = steps("execute", "resume", "execute");

/** The flow runs of those graphs that are not simply run once, without parameters. */
const scenarios: Readonly<Record<string, readonly PlannedRun[]>> = {
  "manual only, resumed": resumed,
  "pause signal, resumed": resumed,

  "a parameter that the run gives": withParameters({ n: 5 }),
  "a required parameter": withParameters({ n: 5 }),

  "cached for an hour": twice,
  "cached for all inputs": withParameters({ n: 1 }, { n: 1 }, { n: 2 }),
  "cached for all parameters": withParameters({ n: 1 }, { n: 1 }, { n: 2 }),
  "cached for some inputs": withParameters({ a: 1, b: 1 }, { a: 1, b: 2 }, { a: 2, b: 2 }),
  "cached and never used": twice,
  "cached mapped children": withParameters({ list: [1, 2] }, { list: [2, 3] }),
  "cached after a retry": twice,
  "a target that is written, then found": twice,
  "a target of mapped children": twice,

  "executed again when it is finished": steps("execute", "execute"),
  "executed again when it has failed": steps("execute", "execute"),
  "scheduled for later": steps({ flow: { type: "Scheduled", message: "later", start_time: future } }, "execute"),
  "one task has succeeded before": before("second-1", {
    type: "Success",
    message: "before",
    _result: { type: "PrefectResult", location: "40" },
  }),
  "one task has failed before": before("second-1", { type: "Failed", message: "before" }),
  "one task was skipped before": before("second-1", { type: "Skipped", message: "before" }),
  "one task is about to be retried": before("second-1", {
    ...{ type: "Retrying", message: "before", start_time: past, run_count: 1 },
  }),
  "one task is to be retried much later": before("second-1", {
    ...{ type: "Retrying", message: "before", start_time: future, run_count: 1 },
  }),
  "one task was submitted while it was scheduled": before("second-1", {
    ...{ type: "Submitted", message: "Submitted for execution" },
    state: { type: "Scheduled", message: "before", start_time: past },
  }),
  "a terminal task failed before": before("last-1", { type: "Failed", message: "before" }),
};

export const runsOf = (graph: string): readonly PlannedRun[] => scenarios[graph] ?? [{}];

/** The graphs that a scenario is for. */
export const planned = Object.keys(scenarios);
