import type { Difference } from "./difference.ts";
import { created, flowFailed, flowSuccess, running, scheduled, started, success } from "./lines.ts";

const mapped = (children: number): string => `Mapped "Ready to proceed with mapping." children=${children}`;
const unmappable = 'Failed "At least one upstream state has an unmappable result';

/** What is mapped over. */
export const mapping: readonly Difference[] = [
  {
    name: "a list that is written down and mapped over is called Constant[list]",
    reason:
      "Prefect names it by what it holds, however long that is. It is made again from the flow, so it is not kept.",
    told: "`Constant[list]`",
    shown: [
      {
        ...{ graph: "map over a literal list", taskRun: "[1, 2]-1" },
        ...{ prefect: [created, started, `${success} = [1,2]`], ours: null },
      },
      {
        ...{ graph: "map over a literal list", taskRun: "Constant[list]-1" },
        ...{ prefect: null, ours: [created, started, success] },
      },
      {
        ...{ graph: "map over a list of references", taskRun: "List-1" },
        ...{ prefect: [created, started, `${success} = [1,2]`], ours: [created, started, success] },
      },
    ],
  },
  {
    name: "only lists are mapped over",
    reason:
      "A text or an object that arrives where a list should is a mistake, and it is that task's mistake, not the run's.",
    told: "Only arrays are mapped over",
    shown: [
      {
        ...{ graph: "map over text", taskRun: "add-1" },
        prefect: [created, mapped(2)],
        ours: [created, `${unmappable}: text returned String, not an array."`],
      },
      ...[0, 1].map((index) => ({
        ...{ graph: "map over text", taskRun: `add-1[${index}]` },
        ...{ prefect: [created, started, `${success} = "${"ab"[index]}"`], ours: null },
      })),
      {
        ...{ graph: "map over text", taskRun: "flow" },
        ...{ prefect: [scheduled, running, flowSuccess], ours: [scheduled, running, flowFailed] },
      },
      {
        ...{ graph: "map over an object", taskRun: "add-1" },
        prefect: [created, mapped(1)],
        ours: [created, `${unmappable}: object returned Object, not an array."`],
      },
      {
        ...{ graph: "map over an object", taskRun: "flow" },
        prefect: [scheduled, running, 'Failed "Unexpected error: KeyError(0)"'],
        ours: [scheduled, running, flowFailed],
      },
    ],
  },
  {
    name: "what cannot be mapped over is named",
    reason: "Of several upstream tasks, the message says which one, and what it returned.",
    told: "Only arrays are mapped over",
    shown: [
      {
        ...{ graph: "map over a number", taskRun: "add-1" },
        prefect: [created, `${unmappable}."`],
        ours: [created, `${unmappable}: number returned Number, not an array."`],
      },
      {
        ...{ graph: "map over none", taskRun: "add-1" },
        prefect: [created, `${unmappable}."`],
        ours: [created, `${unmappable}: nothing returned null, not an array."`],
      },
      {
        ...{ graph: "map over a skipped task, not skipping", taskRun: "add-1" },
        prefect: [created, `${unmappable}."`],
        ours: [created, `${unmappable}: skips returned Undefined, not an array."`],
      },
      {
        ...{ graph: "a task that could not be mapped given to one that runs anyway", taskRun: "add-1" },
        prefect: [created, `${unmappable}."`],
        ours: [created, `${unmappable}: number returned Number, not an array."`],
      },
    ],
  },
];
