import fc from "fast-check";
import { expect, it } from "vitest";
import { failed, isFinished, success } from "../../src/state/index.ts";
import { buildRandom } from "./build-random.ts";
import { randomFlow } from "./random-flows.ts";
import { accepted, refused, runEngine, ScriptedStore } from "./scripted-store.ts";

const somebodyElses = [success("Task run succeeded."), failed("No heartbeat detected from the remote task")];

it("a run that has been concluded, by us or by somebody else, is never told another state, whenever the run is stopped", async () => {
  await fc.assert(
    fc.asyncProperty(
      randomFlow,
      fc.scheduler(),
      fc.constantFrom("SIGTERM", "cancelled", "lost"),
      // After so many states; and which of them somebody else was faster with.
      fc.integer({ min: 0, max: 40 }),
      fc.array(fc.integer({ min: 0, max: 11 }), { minLength: 60, maxLength: 60 }),
      async (description, s, reason, stopAfter, faster) => {
        const stop = new AbortController();
        const concluded = new Map<string, string>();
        const mistakes: string[] = [];
        let sent = 0;
        const store = new ScriptedStore(async (label, state) => {
          sent += 1;
          const nth = sent;
          if (nth > stopAfter) stop.abort(reason);
          const before = concluded.get(label);
          const isRetry = state.type === "Retrying" && before === "Failed";
          if (before !== undefined && !isRetry) mistakes.push(`${label}: ${state.type} after ${before}`);
          await s.schedule(Promise.resolve(), `${label} ${state.type}`);
          const other = somebodyElses[faster[nth] ?? 2];
          if (other !== undefined) {
            concluded.set(label, `another's ${other.type}`);
            return refused(other);
          }
          if (isRetry) concluded.delete(label);
          // A loop goes on, and a mapped task has its children's end still to come.
          if (isFinished(state) && !["Looped", "Mapped"].includes(state.type)) concluded.set(label, state.type);
          return accepted;
        });
        const random = buildRandom(description, async (label) => {
          await s.schedule(Promise.resolve(), `body of ${label}`);
        });
        await s.waitFor(runEngine(random, { store, signal: stop.signal }));
        expect(mistakes).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
});
