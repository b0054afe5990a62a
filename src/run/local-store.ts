import type { Ack, RunStore, TaskRunEntry } from "../engine/index.ts";
import { pending } from "../state/index.ts";

const accepted: Promise<Ack> = Promise.resolve({ status: "accepted" });

/** Where no API is told: every task run is new, every state is in force at once. */
export function localStore(): RunStore {
  const entry = (slug: string, mapIndex: number | null): Promise<TaskRunEntry> =>
    Promise.resolve({ id: null, slug, mapIndex, initialState: pending() });
  return {
    taskRun: (slug) => entry(slug, null),
    children: (slug, first, count) => Array.from({ length: count }, (_, index) => entry(slug, first + index)),
    setTaskState: () => accepted,
    setFlowState: () => accepted,
  };
}
