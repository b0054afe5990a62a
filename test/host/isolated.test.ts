import { describe, expect, it } from "vitest";
import { runInChild } from "./child-run.ts";

describe("an isolated task", () => {
  it("runs in a process of its own, and its inputs and results cross", async () => {
    const run = await runInChild("isolated");
    const [main, first, again, second] = run.result("gathers-1") as number[];
    expect(again).toBe(main);
    expect(new Set([main, first, second]).size).toBe(3);
  });

  it("is refused what cannot be copied, in both directions, with its name", async () => {
    const run = await runInChild("uncloneable");
    expect(run.last("takes socket-1")).toMatchObject({
      type: "Failed",
      message: expect.stringMatching(
        /^An input of isolated task "takes socket-1" cannot be copied to its host: .*Hand it plain data\.$/,
      ),
    });
    expect(run.last("gives socket-1")).toMatchObject({
      type: "Failed",
      message: expect.stringMatching(
        /^The result of isolated task "gives socket-1" cannot be copied to the other tasks: .*Return plain data\.$/,
      ),
    });
  });

  it("that fails, dies or spins touches nobody else and leaves an Error behind", async () => {
    const run = await runInChild("bad ends");
    expect(run.last("fails isolated-1").type).toBe("Failed");
    expect(run.last("dies isolated-1").message).toMatch(/^The task's host ended: killed by SIGKILL/);
    expect(run.last("spins isolated-1").type).toBe("TimedOut");
    expect(run.types("slow-1")).toEqual(["Running", "Success"]);
    expect(run.result("describe-1")).toBe("RangeError: in my own host");
    expect(run.result("describe-2")).toMatch(/^Error: The task's host ended: killed by SIGKILL/);
    expect(run.result("describe-3")).toMatch(/^Error: Task timed out during execution/);
  });

  it("loops, and repeats only the iteration that failed", async () => {
    const run = await runInChild("looping", { checkpointing: false });
    expect(run.types("loops isolated-1")).toEqual([
      "Running",
      "Looped",
      "Running",
      "Failed",
      "Retrying",
      "Running",
      "Looped",
      "Running",
      "Success",
    ]);
  });

  it("hands on the value of its last iteration, and not that of one before", async () => {
    const run = await runInChild("looping");
    expect(run.result("describe-1")).toBe("6");
  });

  it("that ends, or loops, with what cannot be copied leaves an Error behind, and not the value of an iteration before", async () => {
    const run = await runInChild("uncopied loops");
    for (const [label, seenBy] of [
      ["ends uncopied-1", "describe-1"],
      ["loops uncopied-1", "describe-2"],
    ] as const) {
      const message = `The result of isolated task "${label}" cannot be copied to the other tasks: `;
      expect(run.types(label)).toEqual(["Running", "Looped", "Running", "Failed"]);
      expect(run.last(label).message).toContain(message);
      expect(run.result(seenBy)).toContain(`Error: ${message}`);
    }
  });
});
