import type { RunHistory } from "../resume/world.ts";
import { labelOf } from "./problems.ts";

type State = RunHistory["states"][number];

/** What became of the containers of a flow run. */
export interface Containers {
  /** When the second was started, by the API's clock, epoch milliseconds; null: there was one only. */
  readonly handover: number | null;
  /** How many were stopped, and handed the run back. */
  readonly stops: number;
}

/** Which state of a task run may follow which. Nothing follows a Success. */
const next: Readonly<Record<string, readonly string[]>> = {
  Pending: ["Running", "Mapped", "TriggerFailed"],
  Running: ["Success", "Failed", "Looped", "Retrying", "Running", "Mapped", "Pending"],
  Failed: ["Retrying", "Running"],
  Retrying: ["Running"],
  Looped: ["Running"],
  Mapped: ["Success", "Mapped"],
};

/** The same of the flow run. */
const nextOfFlow: typeof next = {
  Scheduled: ["Running", "Scheduled"],
  Running: ["Success", "Failed", "Running", "Scheduled"],
};

/** What is wrong with the order of the states that the API has of the flow run and of each task run. */
export function illegalStates({ states, task_runs }: RunHistory, containers: Containers): string[] {
  const handedBack = states.slice(1).filter(({ state }) => state === "Scheduled").length;
  return [
    ...(handedBack > containers.stops
      ? [`${handedBack} times handed back, by ${containers.stops} that were stopped`]
      : []),
    ...wrongOrder("the flow run", states, nextOfFlow, containers),
    ...task_runs.flatMap((run) => wrongOrder(labelOf(run), run.states, next, containers)),
  ];
}

function wrongOrder(label: string, states: readonly State[], may: typeof next, containers: Containers): string[] {
  const wrong = states.slice(1).flatMap((state, at) => {
    const before = states[at];
    if (before === undefined) return [];
    const follows =
      may[before.state]?.includes(state.state) && (isOfOne(before, state) || isOfTwo(before, state, containers));
    return follows ? [] : [`${state.state} follows ${before.state}`];
  });
  const first = states[0]?.version ?? 0;
  if (states.some(({ version }, at) => version !== first + at)) wrong.push("a version is missing");
  if (states.some(({ timestamp }, at) => timestamp < (states[at - 1]?.timestamp ?? 0))) wrong.push("time goes back");
  const types = states.map(({ state }) => state).join(" ");
  return wrong.map((problem) => `${label}: ${types}: ${problem}`);
}

const onlyOfTwo: readonly string[] = ["Running Running", "Failed Running", "Running Pending"];

/** Whether one container alone enters one after the other. */
const isOfOne = (before: State, state: State): boolean => !onlyOfTwo.includes(`${before.state} ${state.state}`);

/** Whether the second container could enter the one after what the first has left, or the first leave it to the second. */
function isOfTwo(before: State, state: State, { handover, stops }: Containers): boolean {
  // Cut off by a stop, and left to the next container.
  if (state.state === "Pending") return stops > 0;
  // Both clocks tell whole milliseconds.
  if (handover === null || state.timestamp + 1 < handover) return false;
  // A container that dies before it has told Retrying has said so in Failed: the next one runs the task again.
  return before.state === "Running" || before.serialized_state.context?.retry_follows === true;
}
