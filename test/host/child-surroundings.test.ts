import { describe, expect, it } from "vitest";
import { FlowRunnerError } from "../../src/errors/index.ts";
import { idOf, runInChild } from "./child-run.ts";

describe("lines that a task prints in its host", () => {
  it("are logged for its task run, with the stream as their level", async () => {
    const { logs } = await runInChild("printing");
    const printed = logs.filter(({ name }) => name === "prefect.stdout" || name === "prefect.stderr");
    for (const x of [0, 1]) {
      const own = printed.filter(({ taskRunId }) => taskRunId === idOf("prints-1", x));
      expect(own.map(({ level, message }) => `${level} ${message}`).toSorted()).toEqual([
        `INFO one ${x}`,
        `INFO two ${x}`,
        `WARNING three ${x}`,
      ]);
      expect(logs).toContainEqual(
        expect.objectContaining({ name: `prefect.prints[${x}]`, message: `four ${x}`, taskRunId: idOf("prints-1", x) }),
      );
    }
    expect(printed).toHaveLength(6);
  });
});

describe("the environment of the flow's code", () => {
  const env = {
    ...process.env,
    FLOW_TEST: "1",
    PREFECT__CLOUD__API_KEY: "pcs_1",
    PREFECT__CLOUD__AUTH_TOKEN: "pcs_2",
    PREFECT__CONTEXT__SECRETS__TOKEN: "s3cret",
  };

  it("holds neither the API's keys nor the context's secrets; a secret is handed over when it is asked for", async () => {
    const asked: string[] = [];
    const run = await runInChild("environment", {
      env,
      ask: async (question) => {
        if (question.kind === "secret") asked.push(question.name);
        return { user: "ada" };
      },
    });
    const seen = run.result("looks-1") as string[];
    expect(seen).toContain("FLOW_TEST");
    expect(seen.filter((name) => name.startsWith("PREFECT"))).toEqual([]);
    expect(run.result("asks-1")).toEqual({ user: "ada" });
    expect(asked).toEqual(["TOKEN"]);
  });

  it("says why there is no secret", async () => {
    const run = await runInChild("environment", { env });
    expect(run.last("asks-1").message).toBe("Error during execution of task: Error: there is no secret");
  });
});

describe("what the flow's code asks the runner", () => {
  it("is asked in the name of its task run, and a refusal keeps its code", async () => {
    const asked: unknown[] = [];
    const run = await runInChild("variables", {
      ask: async (question, taskRunId) => {
        asked.push([question, taskRunId]);
        if (question.kind === "setVariable") return null;
        if (question.kind !== "variable" || question.name === "region") return { value: { name: "eu" } };
        throw new FlowRunnerError("VARIABLES_LACKING", { name: question.name, hasApi: true });
      },
    });
    expect(run.result("region-1")).toEqual([{ name: "eu" }, 3, "VARIABLES_LACKING"]);
    const id = idOf("region-1");
    expect(asked.slice(0, 2)).toEqual([
      [{ kind: "setVariable", name: "region", value: "eu", tags: ["geo"], overwrite: false }, id],
      [{ kind: "variable", name: "region" }, id],
    ]);
  });
});

describe("a cancellation", () => {
  it("ends the run though bodies ignore their signal, here and in hosts of their own", async () => {
    const stop = new AbortController();
    let hanging = 0;
    const run = await runInChild("hanging", {
      signal: stop.signal,
      onLog: ({ message }) => {
        if (message !== "hanging") return;
        hanging += 1;
        if (hanging === 3) stop.abort("cancelled");
      },
    });
    expect(run.outcome.state.type).toBe("Cancelled");
    expect(run.logs.map(({ message }) => message)).toContain("told: the flow run is stopped");
  });

  it("ends a host whose thread is held long before the grace of one that answers is over", async () => {
    const stop = new AbortController();
    let cancelledAt = Number.NaN;
    const run = await runInChild("hanging spin", {
      signal: stop.signal,
      grace: 240_000,
      onLog: ({ message }) => {
        if (message !== "hanging") return;
        cancelledAt = Date.now();
        stop.abort("cancelled");
      },
    });
    expect(run.outcome.state.type).toBe("Cancelled");
    // A second; the others are a busy machine's.
    expect(Date.now() - cancelledAt).toBeLessThan(60_000);
  });
});
