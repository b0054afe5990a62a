import { describe, expect, test } from "vitest";
import {
  isFailed,
  isFinished,
  isMapped,
  isPending,
  isRunning,
  isScheduled,
  isSkipped,
  isSuccessful,
  makeState,
  retrying,
  type StateType,
  stateTypes,
  unwrap,
} from "../../src/state/index.ts";

/** Prefect 1.x's class hierarchy: which questions each class and its bases answer with yes. */
const yes: Record<StateType, readonly string[]> = {
  Pending: ["pending"],
  Scheduled: ["pending", "scheduled"],
  Paused: ["pending", "scheduled"],
  Resume: ["pending", "scheduled"],
  Retrying: ["pending", "scheduled"],
  Running: ["running"],
  Cancelling: ["running"],
  Submitted: [],
  Queued: [],
  ClientFailed: [],
  Looped: ["finished"],
  Success: ["finished", "successful"],
  Cached: ["finished", "successful"],
  Mapped: ["finished", "successful", "mapped"],
  Skipped: ["finished", "successful", "skipped"],
  Failed: ["finished", "failed"],
  Aborted: ["finished", "failed"],
  TimedOut: ["finished", "failed"],
  TriggerFailed: ["finished", "failed"],
  ValidationFailed: ["finished", "failed"],
  Cancelled: ["finished"],
};

const questions = {
  pending: isPending,
  scheduled: isScheduled,
  running: isRunning,
  finished: isFinished,
  successful: isSuccessful,
  failed: isFailed,
  mapped: isMapped,
  skipped: isSkipped,
};

test.each(stateTypes)("%s", (type) => {
  const answers = Object.entries(questions).filter(([, ask]) => ask(makeState(type)));
  expect(answers.map(([name]) => name)).toEqual(yes[type]);
});

describe("wrappers", () => {
  test("are taken off, however deep", () => {
    const inner = retrying(1, 3, 0);
    const queued = makeState("Queued", null, { wrapped: inner, startTime: 5 });
    expect(unwrap(makeState("Submitted", null, { wrapped: queued }))).toBe(inner);
    expect(unwrap(inner)).toBe(inner);
  });

  test("Retrying says which attempt it was of how many", () => {
    expect(retrying(1, 3, 0).message).toBe("Retrying Task (after attempt 1 of 4)");
  });
});
