import { expect, it } from "vitest";
import type { Prefect3Api } from "../../../src/cloud/index.ts";
import { type AskedPause, RunPauses } from "../../../src/cloud/run/pauses/run-pauses.ts";
import { pending, running } from "../../../src/state/index.ts";
import { ManualClock } from "../manual-clock.ts";

const asked: AskedPause = { key: "a", suspend: false, until: null, input: null, message: null, pollInterval: 1_000 };

/** Pauses with an API that is told what to answer. */
function opened(answers: Partial<Pick<Prefect3Api, "pause" | "suspendPaused">>) {
  const clock = new ManualClock();
  const api = { pause: async () => ({ kind: "paused" }), ...answers } as unknown as Prefect3Api;
  const pauses = new RunPauses({
    ...{ api, flowRunId: "run", clock, signal: new AbortController().signal },
    look: async () => undefined,
    log: () => undefined,
  });
  const resumed = () => {
    clock.advance(1);
    pauses.saw(running("Running"), clock.now());
  };
  return { clock, pauses, resumed };
}
const settled = () => new Promise(setImmediate);

it("pauses for one task after the other", async () => {
  const keys: string[] = [];
  const { pauses, resumed } = opened({
    pause: async (_, { key }) => {
      keys.push(key);
      return { kind: "paused" };
    },
  });
  const [first, second] = [pauses.pause(asked), pauses.pause({ ...asked, key: "b" })];
  await settled();
  expect(keys).toEqual(["a"]);
  resumed();
  expect(await first).toEqual({ kind: "resumed" });
  await settled();
  expect(keys).toEqual(["a", "b"]);
  resumed();
  expect(await second).toEqual({ kind: "resumed" });
  expect(pauses.closed).toBeNull();
});

it("is not opened by what was asked before it was closed", async () => {
  const { clock, pauses } = opened({});
  const before = clock.now();
  void pauses.pause(asked);
  await settled();
  pauses.saw(running("Running"), before);
  expect(pauses.closed).not.toBeNull();
});

it("tells a task why the API does not let the run pause", async () => {
  const { pauses } = opened({ pause: async () => ({ kind: "refused", reason: "Cannot suspend subflows." }) });
  await expect(pauses.pause({ ...asked, suspend: true })).rejects.toThrow(
    "Flow run cannot be suspended: Cannot suspend subflows.",
  );
  expect(pauses.closed).toBeNull();
});

it("suspends a run that is paused where its process has to go, so that no other one goes on before it is resumed", async () => {
  const { pauses } = opened({ suspendPaused: async () => true });
  await pauses.suspendInstead();
  expect(pauses.leaving.aborted).toBe(false);
  const waiting = pauses.pause(asked);
  await settled();
  await pauses.suspendInstead();
  expect(await waiting).toEqual({ kind: "leaving" });
  expect(pauses.leaving.reason).toMatchObject({ isTold: true, state: { type: "Paused" } });
});

it("ends the run as Failed when its time is over", async () => {
  const { clock, pauses } = opened({});
  const waiting = pauses.pause({ ...asked, until: clock.now() + 1_500 });
  await settled();
  clock.advance(1_000);
  await settled();
  expect(pauses.leaving.aborted).toBe(false);
  clock.advance(1_000);
  await expect(waiting).rejects.toThrow("Flow run was paused and never resumed.");
  expect(pauses.leaving.reason).toMatchObject({ isTold: false, state: { type: "Failed" } });
  pauses.saw(pending(), clock.now());
});
