import type { Api } from "../api.ts";
import type { UndeliveredStates } from "./undelivered.ts";

const attempts = 3;

/**
 * The last try for states that could not be delivered: they are facts, the API may be there again, and a run that it
 * believes to be Running would be run a second time. A state that the API refuses now is kept, not forced.
 */
export async function deliverAgain(
  api: Api,
  flowRunId: string,
  undelivered: UndeliveredStates,
  signal: AbortSignal,
): Promise<void> {
  const states = undelivered.all;
  if (states.length === 0) return;
  const ofTasks = states.filter(({ taskRunId }) => taskRunId !== null);
  const ofFlow = states.filter(({ taskRunId }) => taskRunId === null);
  const { taskStates, flowStates } = await api.submit(
    {
      flowRunId,
      creations: [],
      taskStates: ofTasks.map(({ taskRunId, state }) => ({ taskRunId: taskRunId ?? "", state, version: null })),
      flowStates: ofFlow.map(({ state }) => ({ state, version: null })),
    },
    { signal, tries: attempts },
  );
  undelivered.keepOnly([
    ...ofTasks.filter((_, at) => taskStates[at]?.status !== "accepted"),
    ...ofFlow.filter((_, at) => flowStates[at]?.status !== "accepted"),
  ]);
}
