import type { Story } from "../compare/compare.ts";
import type { Difference } from "./difference.ts";
import { created, started, success } from "./lines.ts";

const without = (story: Story, label: RegExp): Story => new Map([...story].filter(([each]) => !label.test(each)));

/** What a task is given, and what is kept of what it returns. */
export const values: readonly Difference[] = [
  {
    name: "nested references need no tasks of their own",
    reason: "The inputs of a call are objects and arrays of any shape; the host puts the values into their places.",
    told: "References nested in an input",
    shown: [
      {
        ...{ graph: "references nested in a list of twelve", taskRun: "List-1" },
        prefect: [created, started, `${success} = [0,1,2,3,4,5,6,7,8,9,10,11]`],
        ours: null,
      },
    ],
    translate: (prefect, graph) =>
      graph === "map over a list of references" ? prefect : without(prefect, /^(List|Dict)-\d+$/),
  },
  {
    name: "a failed input is an error, however it failed",
    reason:
      "Prefect hands on the exception of a body, and None where no body ran; a task cannot tell that from a value.",
    told: "gets the error",
    shown: [
      {
        ...{ graph: "a task that could not be mapped given to one that runs anyway", taskRun: "says-1" },
        prefect: [created, started, `${success} = "nothing"`],
        ours: [created, started, `${success} = "failed"`],
      },
    ],
  },
  {
    name: "null is a result that is kept",
    reason: "Prefect does not write None, and reads None where nothing was written: a lost result looks like one.",
    told: "`null` is written",
    shown: [
      {
        ...{ graph: "nothing as a result", taskRun: "nothing-1" },
        ...{ prefect: [created, started, success], ours: [created, started, `${success} = null`] },
      },
      {
        ...{ graph: "map over none", taskRun: "nothing-1" },
        ...{ prefect: [created, started, success], ours: [created, started, `${success} = null`] },
      },
      {
        ...{ graph: "a parameter that is not required", taskRun: "n" },
        ...{ prefect: [created, started, success], ours: [created, started, `${success} = null`] },
      },
    ],
  },
  {
    name: "a result that cannot be written says why, and is not tried again",
    reason: "The same body makes the same kind of value: a retry would do its work once more, for nothing.",
    told: "cannot be written",
    shown: ["a result that is no JSON", "a result that is no JSON, of a task with retries"].map((graph) => {
      const refused = 'Failed "Unexpected error: TypeError: Object of type set is not JSON serializable"';
      const again = ['Retrying "Retrying Task (after attempt 1 of 2)" attempt=1', started, refused];
      return {
        ...{ graph, taskRun: "set-1" },
        prefect: [created, started, refused, ...(graph.endsWith("retries") ? again : [])],
        ours: [
          ...[created, started],
          `Failed "The result of task 'set' could not be persisted: The value cannot be kept as JSON: $ is a Set. Return plain JSON, or use a handler that keeps such values (LocalResultHandler, S3ResultHandler, GCSResultHandler, AzureResultHandler)."`,
        ],
      };
    }),
  },
];
