import type { Difference } from "../differences/difference.ts";

const completed = "COMPLETED Completed, 1 run";
const failedRun = "FAILED Failed, 1 run";
const notRun = "FAILED Failed, 0 runs";
const notReady = "PENDING NotReady, 0 runs";
const skippedBehind = "COMPLETED Skipped, 0 runs";

/** A task run of a graph, or `flow`, and how it ended on both sides; null: there is none. */
const shown = (graph: string, taskRun: string, prefect: string | null, ours: string | null) => ({
  ...{ graph, taskRun },
  prefect: prefect === null ? null : [prefect],
  ours: ours === null ? null : [ours],
});

/** How runs end otherwise than with Prefect 3, on purpose. */
export const differences3: readonly Difference[] = [
  {
    name: "what follows a skipped task is skipped",
    reason: "Skips are Prefect 1.x's, and so is what they mean; Prefect 3 has a state of that name at most.",
    told: "follows a skipped task is skipped",
    shown: [
      ...[0, 2].map((index) => shown("a mapped child skips", `next[${index}]`, completed, skippedBehind)),
      shown("reduce of skipped children", "sum[0]", completed, skippedBehind),
      ...["next[0]", "third[0]"].map((taskRun) => shown("skip signal", taskRun, completed, skippedBehind)),
    ],
  },
  {
    name: "what cannot be mapped over fails its task",
    reason: "The graph is known before it runs: what follows has a task run, and may go on without this one.",
    told: "cannot be mapped over",
    shown: [
      shown("map over a number", "add[0]", null, notRun),
      shown("map over a failed task", "add[0]", null, notRun),
      shown("map over a failed task", "next[0]", null, notRun),
      shown("map over a failed task", "last[0]", null, completed),
      shown("map over a failed task", "flow", failedRun, completed),
    ],
  },
  {
    name: "lists of unequal length are mapped over as far as the shortest goes",
    reason: "As Prefect 1.x does it.",
    told: "lists of unequal length",
    shown: [
      ...[0, 1].map((index) => shown("map over two lists of unequal length", `add[${index}]`, null, completed)),
      shown("map over two lists of unequal length", "flow", failedRun, completed),
    ],
  },
  {
    name: "a state handler that throws fails its task or its flow",
    reason: "Handlers are Prefect 1.x's, and may change a state; Prefect 3's hooks are told of it.",
    told: "state handler that throws",
    shown: [
      shown("a handler that throws at Success", "task[0]", completed, failedRun),
      shown("a handler that throws at Success", "next[0]", completed, notReady),
      shown("a handler that throws at Success", "flow", completed, failedRun),
      shown("a flow handler that throws at Success", "flow", completed, failedRun),
    ],
  },
  {
    name: "a result that cannot be written fails its task",
    reason: "Whoever asked for it to be kept would miss it later; Prefect 3 warns in the log.",
    told: "cannot be written",
    shown: ["set[0]", "flow"].map((taskRun) => shown("a result that is no JSON", taskRun, completed, failedRun)),
  },
  {
    name: "parameters that do not fit make the run Failed",
    reason: "It is the run that is wrong, and its state says why; a crash is the fault of a machine.",
    told: "parameters do not fit",
    shown: [2, 3].map((run) => shown(`a required parameter, run ${run}`, "flow", "CRASHED Crashed, 0 runs", notRun)),
  },
  {
    name: "a run that is executed again goes on in the same task runs",
    reason:
      "A task that has a result is not run again, and its task run says so; Python's engine makes all of them anew.",
    told: "goes on in the task runs that it has",
    shown: [
      ...["first[1]", "next[1]"].map((taskRun) =>
        shown("executed again when it is finished", taskRun, completed, null),
      ),
      shown("executed again when it has failed", "bad[1]", failedRun, null),
      shown("executed again when it has failed", "next[1]", notReady, null),
    ],
  },
  {
    name: "a run that has ended before its process came up is left as it is",
    reason: "What was concluded first stands; to be run again it is set back to Scheduled, as the page does it.",
    told: "has ended already is not begun",
    shown: [
      [2, "CANCELLED Cancelled"],
      [4, "CRASHED Crashed"],
    ].flatMap(([run, end]) => [
      shown(`one task, run ${run}`, "flow", completed, `${end}, 0 runs`),
      shown(`one task, run ${run}`, "one[0]", completed, null),
    ]),
  },
];
