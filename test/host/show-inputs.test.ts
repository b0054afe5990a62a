import { afterAll, beforeAll, expect, test } from "vitest";
import type { BodyRequest } from "../../src/engine/index.ts";
import { ChildHost } from "../../src/host/index.ts";
import { fixture } from "./child-run.ts";

const asked: string[] = [];
const host = new ChildHost({
  env: process.env,
  log: () => undefined,
  ask: async (question) => {
    asked.push(question.kind);
    return "hunter2-and-more";
  },
  runFlow: () => Promise.reject(new Error("there is no environment")),
});
beforeAll(async () => {
  const source = { file: fixture("given.ts"), source: true, digest: null, flow: "given" };
  await host.load({ ...source, applicationFolder: null, extraLoggers: [] });
  const run = { flowRunId: null, flowRunName: null, parameters: {}, scheduledStart: 0, context: {} };
  host.detail({ ...run, defaultHandler: null });
});
afterAll(() => host.close());

const request = (slug: string, into: number, inputs: BodyRequest["inputs"]): BodyRequest => ({
  ...{ slug, into, inputs, mapIndex: null, taskRunId: null, runCount: 1, loopCount: 1, hasLoopResult: false },
  ...{ resume: false, timeout: null, checkpoint: false, keepInputs: false, isolated: false },
});
const inputs = { rows: { handle: 1 }, "login.password": { handle: 2 } };

test("what a body would be given is shown with the flow's own constants, long values cut, and secrets by name alone", async () => {
  expect(await host.show(request("load-1", 3, inputs))).toEqual({ kind: "missing", handles: [1] });
  await host.run(request("rows-1", 1, {}));
  const shown = await host.show(request("load-1", 3, inputs));
  expect(shown).toMatchObject({
    names: ["rows", "login", "note"],
    texts: {
      rows: expect.stringMatching(/^\[\n? *0, +1,.*980 more items\n?\]$/s),
      login: "{ user: 'me', password: <secret PASSWORD> }",
      note: "'by hand'",
    },
  });
  expect(asked).toEqual([]);
});

test("what is set stands in the place of what it would be given", async () => {
  const trial = { set: { note: "by another hand" }, inspect: null };
  expect(await host.show({ ...request("load-1", 3, inputs), trial })).toMatchObject({
    texts: { note: "'by another hand'" },
  });
});
