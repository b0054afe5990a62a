import { describe, expect, it } from "vitest";
import { decideStart } from "../../../src/run/agent/start-decision.ts";
import { makeState, pending, retrying, running, success } from "../../../src/state/index.ts";
import { dueTask, scheduledAt, startable } from "./startable.ts";

const now = Date.UTC(2026, 0, 2, 3, 4, 5);
const second = 1_000;
const minute = 60 * second;
const aliveFor = minute;

describe("a flow run that is scheduled", () => {
  it("is started at its time", () => {
    expect(decideStart(startable(scheduledAt(now - minute)), aliveFor, now)).toMatchObject({ kind: "start" });
    const later = decideStart(startable(scheduledAt(now + 7 * second)), aliveFor, now);
    expect(later).toEqual({ kind: "start", at: now + 7 * second, taskRuns: [] });
  });

  it("is started whatever the last heartbeat was: its container has given it back", () => {
    const run = startable(scheduledAt(now), { heartbeat: now });
    expect(decideStart(run, aliveFor, now).kind).toBe("start");
  });

  it("and takes along the task runs that are due", () => {
    const due = dueTask(retrying(1, 3, now - minute), "due");
    const later = dueTask(retrying(1, 3, now + minute), "later");
    const run = startable(scheduledAt(now), { taskRuns: [due, later] });
    expect(decideStart(run, aliveFor, now)).toMatchObject({ taskRuns: [due] });
  });

  it("is left while it is paused for ever, and started when somebody has resumed it", () => {
    const paused = makeState("Paused", null, { startTime: null });
    expect(decideStart(startable(paused), aliveFor, now)).toMatchObject({ kind: "leave" });
    const resumed = makeState("Resume", null, { startTime: now });
    expect(decideStart(startable(resumed), aliveFor, now)).toMatchObject({ kind: "start", at: now });
  });
});

describe("a flow run that is Running", () => {
  const retry = (startTime: number) => [dueTask(retrying(1, 3, startTime))];

  it("is started once more when a long retry is due and nobody is alive", () => {
    const run = startable(running("r"), { heartbeat: now - minute, taskRuns: retry(now - 3 * second) });
    expect(decideStart(run, aliveFor, now)).toEqual({ kind: "start", at: now, taskRuns: run.taskRuns });
  });

  it("is left to its own process for three seconds", () => {
    const run = startable(running("r"), { heartbeat: now - minute, taskRuns: retry(now - 3 * second + 1) });
    expect(decideStart(run, aliveFor, now)).toEqual({ kind: "leave", why: "it is Running" });
  });

  it("is left while its process is alive", () => {
    const run = startable(running("r"), { heartbeat: now - minute + 1, taskRuns: retry(now - minute) });
    expect(decideStart(run, aliveFor, now)).toEqual({ kind: "leave", why: "its process is alive" });
  });

  it("is started for a task run that somebody has resumed, and for one that was queued", () => {
    const states = [
      makeState("Resume", null, { startTime: now - minute }),
      makeState("Scheduled", null, { startTime: now - minute }),
      makeState("Queued", null, { startTime: now - minute, wrapped: pending() }),
    ];
    for (const state of states) {
      const run = startable(running("r"), { taskRuns: [dueTask(state)] });
      expect(decideStart(run, aliveFor, now).kind).toBe("start");
    }
  });

  it("is left for a task run that another agent has submitted, or that is paused", () => {
    const states = [
      makeState("Submitted", null, { wrapped: retrying(1, 3, now - minute) }),
      makeState("Paused", null, { startTime: null }),
      success("done"),
    ];
    for (const state of states) {
      const run = startable(running("r"), { taskRuns: [dueTask(state)] });
      expect(decideStart(run, aliveFor, now)).toMatchObject({ kind: "leave" });
    }
  });
});

describe("a flow run that is Queued", () => {
  const queued = makeState("Queued", null, { startTime: now - 3 * second, wrapped: scheduledAt(now) });

  it("is started once more when its process has handed it back", () => {
    const run = startable(queued, { heartbeat: now - minute });
    expect(decideStart(run, aliveFor, now).kind).toBe("start");
  });

  it("is left while its process waits, and before its time", () => {
    expect(decideStart(startable(queued, { heartbeat: now }), aliveFor, now).kind).toBe("leave");
    const later = { ...queued, startTime: now };
    expect(decideStart(startable(later, { heartbeat: now - minute }), aliveFor, now).kind).toBe("leave");
  });
});

it.each([
  makeState("Submitted", null, { wrapped: scheduledAt(now) }),
  makeState("Cancelling"),
  makeState("Cancelled"),
  success("All reference tasks succeeded."),
])("a flow run that is $type is left", (state) => {
  expect(decideStart(startable(state), aliveFor, now)).toEqual({ kind: "leave", why: `it is ${state.type}` });
});
