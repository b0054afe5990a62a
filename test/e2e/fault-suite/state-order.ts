import type { RunHistory } from "../resume/world.ts";
import { labelOf } from "./problems.ts";

type State = RunHistory["states"][number];

/** Which state of a task run may follow which. Nothing follows a Success. */
const next: Readonly<Record<string, readonly string[]>> = {
  Pending: ["Running", "Mapped", "TriggerFailed"],
  Running: ["Success", "Failed", "Looped", "Retrying", "Running", "Mapped", "Pending"],
  Failed: ["Retrying", "Running"],
  Retrying: ["Running"],
  Looped: ["Running"],
  Mapped: ["Success", "Mapped"],
};

/** The same of the flow run. Scheduled: handed back by a container that was stopped, be it before it had begun. */
const nextOfFlow: typeof next = {
  Scheduled: ["Running", "Scheduled"],
  Running: ["Success", "Failed", "Running", "Scheduled"],
};

/**
 * What is wrong with the order of the states that the API has of the flow run and of each task run.
 *
 * @param stops - how many containers were stopped, and handed the run back
 */
export function illegalStates({ states, task_runs }: RunHistory, stops: number): string[] {
  const handedBack = states.slice(1).filter(({ state }) => state === "Scheduled").length;
  return [
    ...(handedBack > stops ? [`handed back ${handedBack} times, and ${stops} containers were stopped`] : []),
    ...wrongOrder("the flow run", states, nextOfFlow, stops),
    ...task_runs.flatMap((run) => wrongOrder(labelOf(run), run.states, next, stops)),
  ];
}

function wrongOrder(label: string, states: readonly State[], may: typeof next, stops: number): string[] {
  const wrong = states.flatMap((state, at) => {
    const before = states[at - 1];
    if (before === undefined) return [];
    const follows = may[before.state]?.includes(state.state) && isAllowed(states, at, stops);
    return follows ? [] : [`${state.state} follows ${before.state}`];
  });
  const first = states[0]?.version ?? 0;
  if (states.some(({ version }, at) => version !== first + at)) wrong.push("a version is missing");
  if (states.some(({ timestamp }, at) => timestamp < (states[at - 1]?.timestamp ?? 0))) wrong.push("time goes back");
  const types = states.map(({ state }) => state).join(" ");
  return wrong.map((problem) => `${label}: ${types}: ${problem}`);
}

/** Whether what only comes when a container ends in between has come for that. */
function isAllowed(states: readonly State[], at: number, stops: number): boolean {
  const [before, state] = [states[at - 1]?.state, states[at]?.state];
  // Cut off by a stop, and left to the next container.
  if (state === "Pending") return stops > 0;
  if (state !== "Running") return true;
  // By another container than the one that had it under way.
  if (before === "Running") return isHandedOver(states, at);
  // A container that dies before it has told Retrying has said so in Failed: the next one runs the task again.
  return before !== "Failed" || (isHandedOver(states, at) && contextOf(states[at - 1]).retry_follows === true);
}

/** Whether this Running is another container's than the one before it. */
function isHandedOver(states: readonly State[], at: number): boolean {
  const before = states.slice(0, at).findLast(({ state }) => state === "Running");
  const [from, to] = [contextOf(before).runner_id, contextOf(states[at]).runner_id];
  return typeof from === "string" && typeof to === "string" && from !== to;
}

const contextOf = (state: State | undefined) => state?.serialized_state.context ?? {};
