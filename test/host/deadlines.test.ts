import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { HostProcess } from "../../src/host/runner/process/host-process.ts";
import { Deadlines } from "../../src/host/runner/session/deadlines.ts";
import { type ChildRun, idOf, runInChild } from "./child-run.ts";

describe("a host whose thread is held", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
  const later = <T>(ms: number, value: T) => new Promise<T>((resolve) => setTimeout(() => resolve(value), ms));

  test.each([
    ["looking for whose code holds it takes as long as it may", 1_000, 2_900],
    ["the timeout is shorter than the grace", 100, 2_000],
    ["the timeout is longer", 60_000, 61_900],
  ])("is ended within two seconds of the deadline: %s", async (_, timeout, latest) => {
    vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), ms);
      return controller.signal;
    });
    const begun = Date.now();
    let ended = Number.NaN;
    const host: Pick<HostProcess, "isResponsive" | "openInspector" | "kill"> = {
      isResponsive: (grace) => later(grace, false),
      openInspector: (signal) =>
        new Promise((resolve) => signal.addEventListener("abort", () => resolve(null), { once: true })),
      kill: () => {
        ended = Date.now() - begun;
      },
    };
    const deadlines = new Deadlines(host as HostProcess);
    deadlines.expect(1, timeout);
    deadlines.begun(1);
    await vi.advanceTimersByTimeAsync(timeout - 1);
    expect(ended).toBeNaN();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ended).toBe(latest);
  });
});

describe("a task that is over its timeout of a second is TimedOut", () => {
  let run: ChildRun;
  beforeAll(async () => {
    run = await runInChild("overdue", { file: "overdue.ts", concurrency: 1 });
  });

  test.each([
    ["holds its thread", /^Task timed out during execution\. It held its host's thread/],
    ["takes the thread at last", /^Task timed out during execution\. It held its host's thread/],
    ["holds it in native code", /^Task timed out during execution\. It held its host's thread/],
    ["waits for ever", /^Task timed out during execution\.$/],
    ["takes the thread after it was told to stop", /^Task timed out during execution\.$/],
  ])("when it %s", (name, message) => {
    const label = `${name}-1`;
    expect(run.types(label)).toEqual(["Running", "TimedOut"]);
    expect(run.last(label).message).toMatch(message);
    const at = (what: RegExp): number =>
      run.logs.find(({ taskRunId, message: said }) => taskRunId === idOf(label) && what.test(said))?.time ?? Number.NaN;
    const late = at(/final state: 'TimedOut'/) - at(/^begins$/) - 1_000;
    // The time runs from just before its first line, which a busy machine may let it print a little later.
    expect(late).toBeGreaterThanOrEqual(-500);
    // Two seconds by the clock above; the others are a busy machine's.
    expect(late).toBeLessThan(30_000);
  });
});
