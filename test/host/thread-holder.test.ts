import { expect, test } from "vitest";
import { spawnHost } from "../../src/host/runner/process/spawn-host.ts";
import { HostSession } from "../../src/host/runner/session/host-session.ts";
import { findThreadHolder } from "../../src/host/runner/session/thread-holder.ts";
import { fixture } from "./child-run.ts";

test("of a host that is held it can be told by whom, in the author's own lines", async () => {
  const never = () => Promise.reject(new Error("there is none"));
  const options = { env: process.env, log: () => undefined, ask: never, runFlow: never, beside: () => [] };
  const session = new HostSession(options, spawnHost(process.env));
  try {
    const load = { file: fixture("overdue.ts"), source: true, digest: null, flow: "spinning", applicationFolder: null };
    await session.load({ ...load, scratch: null });
    const details = { flowRunId: null, flowRunName: null, parameters: {}, scheduledStart: 0, context: {} };
    session.detail({ ...details, defaultHandler: null });
    const body = { mapIndex: null, taskRunId: null, inputs: {}, into: 1, runCount: 1, loopCount: 1 };
    const flags = { hasLoopResult: false, resume: false, checkpoint: false, keepInputs: false, isolated: false };
    // The other bodies have other numbers.
    await session.process.ask({ type: "ping" });
    const id = session.process.nextId;
    const ended = session.run({ slug: "spins-1", timeout: null, ...body, ...flags });
    await session.process.isResponsive(1_000);
    const holder = await findThreadHolder(session.process, 50_000);
    expect(holder).toEqual({
      run: id,
      frames: [expect.stringMatching(/^spin \(overdue\.ts:1\d\)$/), expect.anything()],
    });
    session.process.kill("deadline", holder);
    await ended;
  } finally {
    session.process.kill(null);
    await session.process.ended;
  }
});
