import { expect, it } from "vitest";
import { resolveParameters, runFlow, systemClock } from "../../src/engine/index.ts";
import { ChildHost } from "../../src/host/index.ts";
import { pending } from "../../src/state/index.ts";
import { ScriptedStore } from "../engine/scripted-store.ts";
import { fixture } from "./child-run.ts";

it("what the last task prints in its last instruction is told to the end", async () => {
  let lines = 0;
  let last = "";
  const host = new ChildHost({
    env: process.env,
    log: ({ name, message }) => {
      if (name === "prefect.stdout") lines += 1;
      if (name === "prefect.stderr") last = message;
    },
    ask: () => Promise.reject(new Error("there is no secret")),
    runFlow: () => Promise.reject(new Error("there is no environment")),
  });
  const { graph } = await host.load({
    file: fixture("talks-last.ts"),
    source: true,
    digest: null,
    flow: null,
    applicationFolder: null,
  });
  host.detail({
    flowRunId: "run",
    flowRunName: null,
    parameters: {},
    scheduledStart: Date.now(),
    context: {},
    defaultHandler: null,
  });
  await runFlow({
    graph,
    host,
    store: new ScriptedStore(),
    clock: systemClock,
    observer: {},
    initialState: pending(),
    concurrency: 1,
    parameters: resolveParameters(graph, {}),
    checkpointing: false,
    signal: new AbortController().signal,
    flavour: "Cloud",
    keepValues: false,
  });
  await host.close();
  expect({ lines, last }).toEqual({ lines: 300_000, last: "the last words" });
});
