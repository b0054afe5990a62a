import { describe, expect, it } from "vitest";
import type { CallOutcome, CallRequest, Host } from "../../src/engine/index.ts";
import { Environment, LocalEnvironment, RemoteEnvironment } from "../../src/environments/index.ts";
import { runInEnvironment } from "../../src/environments/run-in-environment.ts";
import type { EnvironmentSpec } from "../../src/graph/index.ts";

const fine: CallOutcome = { kind: "ok", state: null, fires: true };
const broken = (message: string): CallOutcome => ({
  kind: "error",
  error: { name: "Error", message, stack: null, retryable: false },
});

type Hook = Extract<CallRequest, { fn: "environment" }>["hook"];

/** Runs an environment over a host whose hooks answer so; says what happened, in order. */
async function play(spec: EnvironmentSpec, answers: Partial<Record<Hook, CallOutcome>> = {}, flowFails = false) {
  const story: string[] = [];
  const call = async (request: CallRequest): Promise<CallOutcome> => {
    if (request.fn !== "environment") throw new Error(`${request.fn} is no step of an environment`);
    story.push(request.hook);
    return answers[request.hook] ?? fine;
  };
  const ended = runInEnvironment({
    spec,
    host: { call } as unknown as Host,
    concurrency: 32,
    executor: null,
    runFlow: async ({ concurrency }) => {
      story.push(`the flow, ${concurrency} at once`);
      if (flowFails) throw new Error("the engine broke");
    },
    warn: (message) => story.push(`warning: ${message}`),
  });
  const error = await ended.then(
    () => null,
    (thrown: Error) => thrown.message,
  );
  return { story, error };
}

const callbacks = { onStart: () => 1, onExit: () => 2 };

describe("the steps of an environment", () => {
  it("of LocalEnvironment are the flow alone", async () => {
    expect((await play(new LocalEnvironment().describe())).story).toEqual(["the flow, 32 at once"]);
  });

  it("with callbacks are onStart, the flow, onExit", async () => {
    const { story, error } = await play(new LocalEnvironment(callbacks).describe());
    expect(story).toEqual(["onStart", "the flow, 32 at once", "onExit"]);
    expect(error).toBeNull();
  });

  it("of RemoteEnvironment run the flow with its executor", async () => {
    const spec = new RemoteEnvironment({ executor: "LocalExecutor", executorKwargs: { concurrency: 3 } }).describe();
    expect((await play(spec)).story).toEqual(["the flow, 3 at once"]);
  });

  it("with an unknown executor are refused before anything begins", async () => {
    const { story, error } = await play(new RemoteEnvironment({ ...callbacks, executor: "NoSuch" }).describe());
    expect(story).toEqual([]);
    expect(error).toMatch(/executor "NoSuch"/);
  });

  it("of a custom one are setup, onStart, execute, onExit; the flow is its own to run", async () => {
    class Mine extends Environment {}
    const { story } = await play(new Mine(callbacks).describe());
    expect(story).toEqual(["setup", "onStart", "execute", "onExit"]);
  });

  it("call onExit also when the flow failed, and tell of that", async () => {
    const { story, error } = await play(new LocalEnvironment(callbacks).describe(), {}, true);
    expect(story).toEqual(["onStart", "the flow, 32 at once", "onExit"]);
    expect(error).toBe("the engine broke");
  });

  it("call onExit also when onStart failed, and run no flow", async () => {
    const { story, error } = await play(new LocalEnvironment(callbacks).describe(), { onStart: broken("no disk") });
    expect(story).toEqual(["onStart", "onExit"]);
    expect(error).toBe("onStart of the flow's LocalEnvironment failed: Error: no disk");
  });

  it("only warn when onExit failed", async () => {
    const { story, error } = await play(new LocalEnvironment(callbacks).describe(), { onExit: broken("no mail") });
    expect(story.at(-1)).toBe("warning: onExit of the flow's LocalEnvironment failed: Error: no mail");
    expect(error).toBeNull();
  });

  it("stop at a setup that failed, and say which step it was", async () => {
    class Mine extends Environment {}
    const { story, error } = await play(new Mine().describe(), { setup: broken("no cluster") });
    expect(story).toEqual(["setup"]);
    expect(error).toBe("setup of the flow's Mine failed: Error: no cluster");
  });

  it("of one that is not there yet are refused by its name", async () => {
    const spec = { ...new LocalEnvironment().describe(), type: "FargateTaskEnvironment" };
    expect((await play(spec)).error).toMatch(/"FargateTaskEnvironment" is not there yet/);
  });
});

describe("an environment's description", () => {
  it("is custom for every class of the author's own, also for one that extends a built-in one", () => {
    class Mine extends Environment {}
    class Warmed extends LocalEnvironment {
      override setup() {
        return "warm";
      }
    }
    class Scaled extends RemoteEnvironment {}
    expect(new Mine().describe()).toMatchObject({ type: "Mine", custom: true });
    expect(new Warmed().describe()).toMatchObject({ type: "Warmed", custom: true });
    expect(new Scaled().describe()).toMatchObject({ type: "Scaled", custom: true });
    expect(new LocalEnvironment().describe()).toMatchObject({ type: "LocalEnvironment", custom: false });
  });

  it("has its labels once each, in order", () => {
    expect(new LocalEnvironment({ labels: ["gpu", "eu", "gpu"] }).describe().labels).toEqual(["eu", "gpu"]);
  });
});
