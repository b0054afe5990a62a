import { beforeAll, describe, expect, test } from "vitest";
import { type ChildRun, idOf, runInChild } from "./child-run.ts";

describe("a task that is over its timeout of a second is TimedOut within two more", () => {
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
    expect(late).toBeGreaterThanOrEqual(-50);
    // A second for the host's grace and one to end it; the third is a busy machine's.
    expect(late).toBeLessThan(3_000);
  });
});
