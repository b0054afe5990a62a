import { describe, expect, it } from "vitest";
import { submitted } from "../../../src/cloud/index.ts";
import { afterEnd } from "../../../src/run/agent/after-end.ts";
import { failed, makeState, running, success } from "../../../src/state/index.ts";
import { scheduledAt } from "./startable.ts";

const well = { exitCode: 0, signal: null, output: [] };
const badly = { exitCode: 3, signal: null, output: [] };
const killed = { exitCode: null, signal: "SIGKILL", output: [] };
const untold = submitted(scheduledAt(0), "ours", "Submitted for execution");

describe("a process that has told the API nothing", () => {
  it.each([
    [well, "ended with exit code 0"],
    [badly, "ended with exit code 3"],
    [killed, "was ended by SIGKILL"],
  ])("is a Failed run, whatever its end (%o)", (end, how) => {
    expect(afterEnd(end, untold, "ours", 0)).toEqual({
      kind: "fail",
      message: `The process of the flow run ${how} before it told the API anything.`,
    });
  });

  it("is none of ours when somebody has submitted the run again", () => {
    expect(afterEnd(killed, untold, "another", 0)).toEqual({ kind: "told" });
  });
});

describe("a process that died in the middle", () => {
  it("is started again three times, then the run is Failed with the reason", () => {
    for (const restarts of [0, 1, 2]) {
      expect(afterEnd(killed, running("Running flow."), "ours", restarts).kind).toBe("again");
    }
    expect(afterEnd(killed, running("Running flow."), "ours", 3)).toEqual({
      kind: "fail",
      message: expect.stringMatching(/ended by SIGKILL in the middle of the run. This has happened 4 times/),
    });
  });

  it("also when its run was being cancelled: somebody has to say Cancelled", () => {
    expect(afterEnd(badly, makeState("Cancelling"), "ours", 0).kind).toBe("again");
  });
});

describe("a process that has told its story", () => {
  it.each([success("s"), failed("f"), makeState("Cancelled"), scheduledAt(0)])("whatever its end ($type)", (state) => {
    for (const end of [well, badly, killed]) expect(afterEnd(end, state, "ours", 0)).toEqual({ kind: "told" });
  });

  it("and has handed the run back", () => {
    expect(afterEnd(well, running("Running flow."), "ours", 0)).toEqual({ kind: "told" });
  });
});
