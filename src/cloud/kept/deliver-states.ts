import type { Ack } from "../../engine/index.ts";
import { isFinished } from "../../state/index.ts";
import { isHeld, ownerOf } from "../claim.ts";
import type { Api } from "../port/api.ts";
import type { Batch } from "../port/batch.ts";
import type { CallOptions } from "../port/call.ts";
import type { HeldState } from "../port/held-state.ts";
import type { Teller, UndeliveredState } from "./kept-line.ts";

/** A state that the API still was not told, and why. */
export interface LeftState {
  readonly undelivered: UndeliveredState;
  readonly reason: string;
}

/**
 * Tells an API states that it was not told when they came about; resolves with those that it still does not have. They
 * are facts, and a run that the API believes to be Running would be run a second time.
 *
 * What it has by now is not told again. What has been concluded meanwhile (by a zombie killer, a person, another
 * container) is not overruled, nor is a run that another container has: each state goes upon the version that was looked
 * at, and one of a run goes when the one before it was taken.
 *
 * @throws FlowRunnerError those of `Api`, when it cannot be asked what it holds; nothing was told then
 */
export async function deliverStates(
  api: Api,
  { flowRunId, runnerId }: Teller,
  states: readonly UndeliveredState[],
  options: CallOptions = {},
): Promise<readonly LeftState[]> {
  const flowRun = await api.flowRunState(flowRunId, options);
  const owner = ownerOf(flowRun.state);
  if (owner !== null && owner !== runnerId) return leave(states, "another container has this flow run by now");
  const byRun = Map.groupBy(states, ({ taskRunId }) => taskRunId);
  const ids = [...byRun.keys()].filter((id) => id !== null);
  const held = await api.taskRunStates(ids, options);
  const ofTasks = ids.map((id) => storyOf(byRun.get(id) ?? [], held.get(id)));
  await tellAll(api, flowRunId, ofTasks, options);
  const left = ofTasks.flatMap((story) => story.left);
  const ofFlow = storyOf(byRun.get(null) ?? [], flowRun);
  // Its end says that all the rest is told, too.
  const isCut = ofTasks.some((story) => story.isCut);
  if (isCut)
    return [...left, ...leave(ofFlow.states, "states of its task runs could not be delivered"), ...ofFlow.left];
  await tellAll(api, flowRunId, [ofFlow], options);
  return [...left, ...ofFlow.left];
}

/** The states of one run. */
interface Story {
  /** Still to be told, in order. */
  states: readonly UndeliveredState[];
  version: number;
  left: readonly LeftState[];
  /** The API was out of reach again. */
  isCut: boolean;
}

/** @param held - what the API holds of the run; undefined: it has no such run */
function storyOf(states: readonly UndeliveredState[], held: HeldState | undefined): Story {
  if (held === undefined)
    return { states: [], version: 0, left: leave(states, "the API has no such task run"), isCut: false };
  // A later state that is there says that the earlier ones were told, too.
  const known = states.findLastIndex(({ state }) => isHeld(state, held.state));
  const missing = states.slice(known + 1);
  const story = { version: held.version, isCut: false };
  // A Failed of ours that a Retrying follows is no conclusion.
  return isFinished(held.state) && known === -1
    ? { ...story, states: [], left: leave(missing, `it has become ${held.state.type} meanwhile`) }
    : { ...story, states: missing, left: [] };
}

async function tellAll(api: Api, flowRunId: string, stories: readonly Story[], options: CallOptions): Promise<void> {
  for (;;) {
    const next = stories.flatMap((story) => story.states.slice(0, 1).map((first) => ({ story, first })));
    if (next.length === 0) return;
    const acks = await tell(api, flowRunId, next, options);
    for (const [at, { story }] of next.entries()) take(story, acks[at]);
  }
}

/** One state of each run, all of task runs or the flow run's. */
async function tell(
  api: Api,
  flowRunId: string,
  items: readonly { readonly story: Story; readonly first: UndeliveredState }[],
  options: CallOptions,
): Promise<readonly Ack[]> {
  const batch: Batch = {
    flowRunId,
    creations: [],
    taskStates: items.flatMap(({ story: { version }, first: { taskRunId, state } }) =>
      taskRunId === null ? [] : [{ taskRunId, state, version }],
    ),
    flowStates: items.flatMap(({ story: { version }, first: { taskRunId, state } }) =>
      taskRunId === null ? [{ state, version }] : [],
    ),
  };
  const { taskStates, flowStates } = await api.submit(batch, options);
  return [...taskStates, ...flowStates];
}

function take(story: Story, ack: Ack | undefined): void {
  if (ack === undefined) throw new TypeError("The API client left an item without an answer");
  if (ack.status === "accepted") {
    story.states = story.states.slice(1);
    story.version += 1;
    return;
  }
  const reason = ack.status === "queued" ? "the API has queued it" : ack.reason;
  story.isCut = ack.status === "undelivered";
  story.left = leave(story.states, reason);
  story.states = [];
}

const leave = (states: readonly UndeliveredState[], reason: string): LeftState[] =>
  states.map((undelivered) => ({ undelivered, reason }));
