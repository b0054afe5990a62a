import { FlowRunnerError } from "../../errors/index.ts";
import { isFinished, type State } from "../../state/index.ts";
import type { Api, CallOptions } from "../api.ts";
import { isHeld } from "../claim.ts";
import type { UndeliveredState, UndeliveredStates } from "../kept/undelivered-states.ts";

const attempts = 3;

/**
 * The last try for states that could not be delivered: they are facts, the API may be there again, and a run that it
 * believes to be Running would be run a second time. What the API has concluded meanwhile (a zombie killer, a person)
 * is not overruled: such a state stays on disk, like one that it refuses.
 */
export async function deliverAgain(
  api: Api,
  flowRunId: string,
  undelivered: UndeliveredStates,
  signal: AbortSignal,
): Promise<void> {
  if (undelivered.all.length === 0) return;
  const options: CallOptions = { signal, tries: attempts };
  const held = await heldStates(api, flowRunId, undelivered.all, options);
  if (held === null) return;
  const isThere = ({ taskRunId, state }: UndeliveredState): boolean => {
    const current = held.get(taskRunId);
    return current !== undefined && isHeld(state, current);
  };
  const isConcluded = ({ taskRunId }: UndeliveredState): boolean => {
    const current = held.get(taskRunId);
    return current !== undefined && isFinished(current);
  };
  const missing = undelivered.all.filter((each) => !isThere(each));
  const sent = await sendAll(
    api,
    flowRunId,
    missing.filter((each) => !isConcluded(each)),
    options,
  );
  undelivered.keepOnly(missing.filter((each) => !sent.has(each)));
}

/** What the API holds, by task run; the flow run's is under null. Null: it still cannot be asked. */
async function heldStates(
  api: Api,
  flowRunId: string,
  states: readonly UndeliveredState[],
  options: CallOptions,
): Promise<ReadonlyMap<string | null, State> | null> {
  const ids = [...new Set(states.flatMap(({ taskRunId }) => (taskRunId === null ? [] : [taskRunId])))];
  try {
    const flowRun = await api.flowRunState(flowRunId, options);
    const held = new Map<string | null, State>([[null, flowRun.state]]);
    for (const [id, { state }] of await api.taskRunStates(ids, options)) held.set(id, state);
    return held;
  } catch (error) {
    if (error instanceof FlowRunnerError || options.signal?.aborted === true) return null;
    throw error;
  }
}

/** Those that were accepted. */
async function sendAll(
  api: Api,
  flowRunId: string,
  states: readonly UndeliveredState[],
  options: CallOptions,
): Promise<ReadonlySet<UndeliveredState>> {
  const ofTasks = states.flatMap((each) => (each.taskRunId === null ? [] : [{ each, taskRunId: each.taskRunId }]));
  const ofFlow = states.filter(({ taskRunId }) => taskRunId === null);
  const { taskStates, flowStates } = await api.submit(
    {
      flowRunId,
      creations: [],
      taskStates: ofTasks.map(({ each, taskRunId }) => ({ taskRunId, state: each.state, version: null })),
      flowStates: ofFlow.map(({ state }) => ({ state, version: null })),
    },
    options,
  );
  return new Set([
    ...ofTasks.flatMap(({ each }, at) => (taskStates[at]?.status === "accepted" ? [each] : [])),
    ...ofFlow.filter((_, at) => flowStates[at]?.status === "accepted"),
  ]);
}
