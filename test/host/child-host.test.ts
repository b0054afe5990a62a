import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runInChild } from "./child-run.ts";

describe("a task that holds the thread for ever", () => {
  it("is TimedOut, and the 31 beside it that don't are Success", async () => {
    const run = await runInChild("spinning");
    const others = Array.from({ length: 32 }, (_, index) => `maybe spin-1[${index}]`).toSpliced(5, 1);
    expect(run.last("maybe spin-1[5]").type).toBe("TimedOut");
    expect(run.last("maybe spin-1[5]").message).toMatch(/^Task timed out during execution\. It held its host's thread/);
    expect(others.map((label) => run.last(label).type)).toEqual(others.map(() => "Success"));
    expect(others.map((label) => run.result(label))).toEqual(
      others.map((label) => Number(/\d+(?=\])/.exec(label)?.[0])),
    );
  });

  it("does not spend a retry of those that ran beside it", async () => {
    const run = await runInChild("spins alone");
    expect(run.last("spins-1").type).toBe("TimedOut");
    for (const index of [0, 1, 2]) {
      expect(run.last(`quick-1[${index}]`).type).toBe("Success");
      expect(run.types(`quick-1[${index}]`)).not.toContain("Failed");
    }
  });
});

describe("a host that is ended while it boots, in the middle of a run,", () => {
  it.each([
    ["in the main host", "dies-1", ["Running", "Failed", "Retrying", "Running", "Success"]],
    ["in a host of its own", "alone-1", ["Running", "Success"]],
  ])("is replaced: %s", async (flowName, label, types) => {
    const folder = mkdtempSync(join(tmpdir(), "boots-"));
    const run = await runInChild(flowName, {
      file: "dies-while-booting.ts",
      env: { ...process.env, BOOTS: join(folder, "boots") },
    });
    expect(run.outcome.state.type).toBe("Success");
    expect(run.types(label)).toEqual(types);
    expect(run.result(label)).toBe(4);
    rmSync(folder, { recursive: true });
  });
});

describe("a task that ends its host", () => {
  it("by process.exit is Failed and says so; the one beside it is started again", async () => {
    const run = await runInChild("exiting");
    expect(run.last("exits-1")).toMatchObject({
      type: "Failed",
      message: "The task called process.exit(7), which ended its host.",
    });
    expect(run.types("slow-1")).toEqual(["Running", "Retrying", "Running", "Success"]);
    expect(run.result("slow-1")).toBe("slow");
  });

  it("by a signal, when it is alone, is Failed with the evidence", async () => {
    const run = await runInChild("dying");
    expect(run.types("dies-1")).toEqual(["Running", "Failed"]);
    expect(run.last("dies-1").message).toMatch(/^The task's host ended: killed by SIGKILL.*about to die$/s);
  });

  it("by a signal, among others, is found out in a host of its own", async () => {
    const run = await runInChild("dying among others");
    expect(run.last("dies-1").type).toBe("Failed");
    expect(run.last("dies-1").message).toMatch(/^The task's host ended: killed by SIGKILL/);
    expect([run.last("slow-1").type, run.last("slow-2").type]).toEqual(["Success", "Success"]);
    expect(run.outcome.state.type).toBe("Failed");
  });

  it("is retried with the inputs it had, though nothing was persisted", async () => {
    const run = await runInChild("retried");
    expect(run.types("dies once-1")).toEqual(["Running", "Failed", "Retrying", "Running", "Success"]);
    expect(run.result("dies once-1")).toBe("5 a,b");
  });

  it("by taking all memory is Failed and says so", async () => {
    const run = await runInChild("hoarding", { env: { ...process.env, NODE_OPTIONS: "--max-old-space-size=48" } });
    expect(run.last("hoards-1").type).toBe("Failed");
    expect(run.last("hoards-1").message).toMatch(/^The task's host ended: out of memory: V8's heap limit/);
  });

  it("by writing into the control channel is Failed, and the runner lives on", async () => {
    const run = await runInChild("garbling");
    expect(run.last("garbles-1").type).toBe("Failed");
    expect(run.last("garbles-1").message).toMatch(/this is no frame/);
    expect(run.last("slow-1").type).toBe("Success");
  });
});

describe("an error that nobody awaits", () => {
  it("as a rejection fails the task whose code it was, and no other", async () => {
    const run = await runInChild("straying");
    expect(run.last("strays-1")).toMatchObject({
      type: "Failed",
      message: "Error during execution of task: RangeError: nobody waits for me",
    });
    expect(run.types("slow-1")).toEqual(["Running", "Success"]);
  });

  it("thrown in a timer fails the task that set it", async () => {
    const run = await runInChild("throwing");
    expect(run.last("throws late-1").message).toBe("Error during execution of task: TypeError: from a timer");
    expect(run.types("slow-1")).toEqual(["Running", "Success"]);
  });
});

describe("what does not fit into a frame", () => {
  it("as a persisted result fails its task and says so", async () => {
    const run = await runInChild("long result");
    expect(run.last("long-1").type).toBe("Failed");
    expect(run.last("long-1").message).toMatch(/long/);
    expect(run.last("slow-1").type).toBe("Success");
  });

  it("as the states of many task runs reaches a trigger all the same", async () => {
    const run = await runInChild("wide");
    expect(run.result("counts-1")).toBe("all were seen");
    expect(run.outcome.state).toMatchObject({ type: "Success", message: "Success" });
  });

  it("as the answer of a state handler fails its task and says so", async () => {
    const run = await runInChild("wordy handler");
    expect(run.last("wordy-1").type).toBe("Failed");
    expect(run.last("wordy-1").message).toMatch(/^Exception raised while calling state handlers: /);
  });
});
