import type { Prefect3Api } from "../port/prefect3.ts";
import { takeTaskSlots } from "./limits/take-task-slots.ts";
import { pausesApi } from "./pauses/pause-flow-run.ts";
import type { RunBooks } from "./run/run-books.ts";
import type { SubmitTo } from "./run/submit.ts";
import { createArtifact, updateArtifact } from "./run-artifacts.ts";
import { subflowsApi } from "./subflows/start-deployment.ts";
import { taskRunsIn } from "./task-runs/task-runs-in.ts";
import { setVariable, variable } from "./variables.ts";
import { watchFlowRun } from "./watch/watch-flow-run.ts";

type Parts = Pick<SubmitTo, "client" | "clock" | "outbox" | "lost" | "own" | "slots" | "bodySlots" | "lease"> & {
  readonly books: RunBooks;
};

/** The part of the port that the other dialects have nothing for. */
export function onlyPrefect3({ client, clock, outbox, lost, own, slots, bodySlots, lease, books }: Parts): Prefect3Api {
  return {
    watch: (flowRunId, options) =>
      void watchFlowRun(client, flowRunId, { clock, reopened: () => lost.suspect(), ...options }),
    startOver: (flowRunId) => {
      const book = books.get(flowRunId);
      book.startOver();
      return taskRunsIn(book);
    },
    keepFinished: (flowRunId) => books.get(flowRunId).keepFinished(),
    get toldFlowState() {
      const { last } = own;
      return last === null ? null : { id: last.id, type: last.type, name: last.name ?? last.type };
    },
    createArtifact: (artifact, options) => createArtifact(client, artifact, options),
    updateArtifact: (id, change, options) => updateArtifact(client, id, change, options),
    variable: (name, options) => variable(client, name, options),
    setVariable: (change, options) => setVariable(client, change, options),
    takeSlots: async (taskRunId, options) => {
      const book = books.withTaskRun(taskRunId);
      return book === undefined ? null : takeTaskSlots({ slots, outbox, book, clock }, taskRunId, options);
    },
    takeBodySlots: (wanted, taskRunId) => bodySlots.take(wanted, taskRunId),
    giveBackBodySlots: (id) => bodySlots.giveBack(id),
    slotLost: lease.lost,
    ...pausesApi(client),
    ...subflowsApi(client),
  };
}
