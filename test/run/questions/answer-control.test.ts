import { expect, it } from "vitest";
import type { Prefect3Api } from "../../../src/cloud/index.ts";
import type { AskedPause } from "../../../src/cloud/run/pauses/run-pauses.ts";
import { answerControl } from "../../../src/run/questions/answer-control.ts";
import { ManualClock } from "../../cloud/manual-clock.ts";

it("a pause ends by the clock of its run, which is also the one that is looked at while it lasts", async () => {
  const clock = new ManualClock();
  const asked: AskedPause[] = [];
  const pauses = {
    pause: async (pause: AskedPause) => {
      asked.push(pause);
      return { kind: "leaving" as const };
    },
  };
  const run = { id: "run", clock, pauses, over: new AbortController().signal };
  const api = { prefect3: {} as Prefect3Api };
  const question = { kind: "pause", key: "1", suspend: false, timeout: 60_000, pollInterval: 10, input: null } as const;
  await answerControl(question, "task", { api, run, masker: { findSecret: () => null } });
  expect(asked).toMatchObject([{ key: "1", until: clock.now() + 60_000 }]);
});
