import { describe, expect, it } from "vitest";
import type { DeploymentRun, Prefect3Api } from "../../../src/cloud/index.ts";
import type { RunQuestion } from "../../../src/flow/index.ts";
import { flow, pauseFlowRun, runDeployment as runFromBody, task } from "../../../src/index.ts";
import { runDeployment } from "../../../src/run/questions/run-deployment.ts";
import { ManualClock } from "../../cloud/manual-clock.ts";

const question = {
  ...{ kind: "runDeployment", deployment: "child/child", parameters: {}, tags: [], idempotencyKey: null },
  ...{ jobVariables: null, workQueue: null, scheduledTime: 0, flowRunName: null, asSubflow: true, call: "1" },
  ...{ timeout: null, pollInterval: 1_000 },
} satisfies Extract<RunQuestion, { kind: "runDeployment" }>;

/** An API that keeps one run for a key, each in the state that is put there. */
function api(states: Map<string, string>) {
  const run = (id: string): DeploymentRun => {
    const type = states.get(id) ?? "RUNNING";
    return { id, name: id, flowId: "flow", deploymentId: "deployment", state: { type, name: type, message: null } };
  };
  return {
    startDeployment: async ({ idempotencyKey }) => run(idempotencyKey),
    deploymentRun: async (id) => run(id),
  } as Pick<Prefect3Api, "startDeployment" | "deploymentRun"> as Prefect3Api;
}

describe("a run of another deployment", () => {
  const clock = new ManualClock();
  const caller = (states: Map<string, string>, signal = new AbortController().signal) => ({
    ...{ api: api(states), clock, signal, flowRunId: "run", taskRunId: "task" },
  });

  it("is found again by the next attempt of its task, unless it came to a bad end", async () => {
    const states = new Map([["task-1", "COMPLETED"]]);
    expect((await runDeployment(question, caller(states))).id).toBe("task-1");
    states.set("task-1", "CRASHED").set("task-1-2", "FAILED").set("task-1-3", "COMPLETED");
    expect((await runDeployment(question, caller(states))).id).toBe("task-1-3");
    states.set("mine", "FAILED");
    expect((await runDeployment({ ...question, idempotencyKey: "mine" }, caller(states))).state.type).toBe("FAILED");
  });

  it("is waited for as long as it may take, and not beyond the end of the run that asks", async () => {
    expect((await runDeployment({ ...question, timeout: 0 }, caller(new Map()))).state.type).toBe("RUNNING");
    const slow = runDeployment({ ...question, timeout: 1_500 }, caller(new Map()));
    for (let step = 0; step < 3; step += 1) {
      await new Promise(setImmediate);
      clock.advance(1_000);
    }
    expect((await slow).state.type).toBe("RUNNING");
    const controller = new AbortController();
    const left = runDeployment(question, caller(new Map(), controller.signal));
    await new Promise(setImmediate);
    controller.abort();
    expect((await left).state.type).toBe("RUNNING");
  });
});

it("says that it needs an API of Prefect 3 where there is none", async () => {
  const starts = task("starts", () => runFromBody("child/child"));
  const waits = task("waits", () => pauseFlowRun());
  const { state, ...run } = await flow("alone", () => [starts(), waits()]).run();
  expect(state.type).toBe("Failed");
  expect(JSON.stringify(run)).toContain("runDeployment() needs an API of Prefect 3, and the run has no API.");
  expect(JSON.stringify(run)).toContain("pauseFlowRun() needs an API of Prefect 3, and the run has no API.");
});
