import type { Story } from "../compare/compare.ts";
import type { Difference } from "./difference.ts";
import { created, flowFailed, flowSuccess, running, scheduled, started, success } from "./lines.ts";

const eachLine = (story: Story, change: (line: string, index: number, lines: readonly string[]) => string): Story =>
  new Map([...story].map(([label, lines]) => [label, lines.map(change)]));

/** States that tell more, or that Prefect has for other reasons than we have. */
export const states: readonly Difference[] = [
  {
    name: "a success by a signal without a result is a success",
    reason: "Prefect takes the signal itself for the result, which only a pickle can hold.",
    told: "A signal without a result or a message",
    shown: [
      {
        ...{ graph: "success signal without a result", taskRun: "says-1" },
        prefect: [
          ...[created, started],
          'Failed "Unexpected error: TypeError: Object of type SUCCESS is not JSON serializable"',
        ],
        ours: [created, started, 'Success "done early" in ConstantResult'],
      },
      {
        ...{ graph: "success signal without a result", taskRun: "flow" },
        ...{ prefect: [scheduled, running, flowFailed], ours: [scheduled, running, flowSuccess] },
      },
    ],
  },
  {
    name: "a signal without a message has a usual one",
    reason: "A state without any message tells its reader nothing.",
    told: "A signal without a result or a message",
    shown: [
      {
        ...{ graph: "success signal without a message", taskRun: "says-1" },
        ...{ prefect: [created, started, "Success = 1"], ours: [created, started, `${success} = 1`] },
      },
      {
        ...{ graph: "fail signal without a message", taskRun: "says-1" },
        ...{ prefect: [created, started, "Failed"], ours: [created, started, 'Failed "The task failed itself."'] },
      },
      {
        ...{ graph: "skip signal without a message", taskRun: "skips-1" },
        ...{ prefect: [created, started, "Skipped"], ours: [created, started, 'Skipped "The task skipped itself."'] },
      },
    ],
  },
  {
    name: "an iteration that runs carries the result of the one before",
    reason: "When the container dies in it, the next one goes on with this iteration and not with the first.",
    told: "in the middle of a loop",
    shown: [
      {
        ...{ graph: "loop with a message of its own", taskRun: "counts-1" },
        prefect: [created, started, 'Looped "not there yet" = 1 loop=1', started, `${success} = 2`],
        ours: [created, started, 'Looped "not there yet" = 1 loop=1', `${started} = 1`, `${success} = 2`],
      },
    ],
    translate: (prefect) =>
      eachLine(prefect, (line, index, lines) => {
        if (line !== started) return line;
        const soFar = lines.slice(0, index).findLast((before) => before.startsWith("Looped"));
        return soFar === undefined ? line : `${line}${/ = .*(?= loop=)/.exec(soFar)?.[0]}`;
      }),
  },
  {
    name: "a run that is Running already is taken over",
    reason:
      "One of two containers runs it, which is told by Running with a version of its own; Prefect runs it in both.",
    told: "A run that is Running already",
    shown: ["manual only, resumed", "pause signal, resumed"].map((graph) => ({
      ...{ graph, taskRun: "flow" },
      prefect: [scheduled, running, flowSuccess],
      ours: [...[scheduled, running], 'Running "Running flow: taken over from a container that is gone."', flowSuccess],
    })),
  },
];
