import type { State, StateType } from "./state.ts";

type Family = "pending" | "scheduled" | "running" | "finished" | "successful" | "failed";

/** Prefect 1.x's class hierarchy, flattened: which questions each type answers with yes. */
const families: Record<StateType, readonly Family[]> = {
  Pending: ["pending"],
  Scheduled: ["pending", "scheduled"],
  Paused: ["pending", "scheduled"],
  Resume: ["pending", "scheduled"],
  Retrying: ["pending", "scheduled"],
  Running: ["running"],
  Cancelling: ["running"],
  // Wrappers are neither pending, running nor finished.
  Submitted: [],
  Queued: [],
  ClientFailed: [],
  Looped: ["finished"],
  Success: ["finished", "successful"],
  Cached: ["finished", "successful"],
  Mapped: ["finished", "successful"],
  Skipped: ["finished", "successful"],
  Failed: ["finished", "failed"],
  Aborted: ["finished", "failed"],
  TimedOut: ["finished", "failed"],
  TriggerFailed: ["finished", "failed"],
  ValidationFailed: ["finished", "failed"],
  Cancelled: ["finished"],
};

/** The type alone decides. */
type Typed = Pick<State, "type">;

const inFamily = ({ type }: Typed, family: Family): boolean => families[type].includes(family);

/** Pending or anything scheduled: the run has still to start. */
export const isPending = (state: Typed): boolean => inFamily(state, "pending");
export const isScheduled = (state: Typed): boolean => inFamily(state, "scheduled");
export const isRunning = (state: Typed): boolean => inFamily(state, "running");
/** Also true for Looped, Mapped and Cached. */
export const isFinished = (state: Typed): boolean => inFamily(state, "finished");
/** Success, Cached, Mapped and Skipped. */
export const isSuccessful = (state: Typed): boolean => inFamily(state, "successful");
/** Failed and its kinds; Cancelled is neither successful nor failed. */
export const isFailed = (state: Typed): boolean => inFamily(state, "failed");
export const isSkipped = (state: Typed): boolean => state.type === "Skipped";
export const isMapped = (state: Typed): boolean => state.type === "Mapped";
