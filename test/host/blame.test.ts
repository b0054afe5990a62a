import { describe, expect, it } from "vitest";
import { blame, type Pending } from "../../src/host/runner/end/blame.ts";
import { describeEnd, type HostEnd } from "../../src/host/runner/end/host-end.ts";

const ended = (what: Partial<HostEnd>): HostEnd => ({
  exitCode: null,
  signal: null,
  endedFor: null,
  broken: null,
  holder: null,
  exiting: null,
  oomKills: null,
  memoryLimit: null,
  memoryPeak: null,
  lastErrors: [],
  lastOutput: [],
  ...what,
});

const body = (id: number, what: Partial<Pending> = {}): Pending => ({
  id,
  slug: `task-${id}`,
  overdue: false,
  begunAt: null,
  ...what,
});

const kinds = (end: HostEnd, pending: readonly Pending[]) =>
  [...blame(end, pending)].map(([id, verdict]) => [id, verdict.kind, "suspect" in verdict && verdict.suspect]);

describe("whose fault a host's end was", () => {
  it("is that of the body whose code held the thread past its deadline; the others were held up", () => {
    const pending = [1, 2, 3].map((id) => body(id, { begunAt: 10 * id, overdue: true }));
    const end = ended({ endedFor: "deadline", signal: "SIGKILL", holder: { run: 2, frames: ["spin (flow.ts:7)"] } });
    expect(kinds(end, pending)).toEqual([
      [1, "lost", false],
      [2, "timedOut", false],
      [3, "lost", false],
    ]);
    expect(blame(end, pending).get(2)).toMatchObject({ message: expect.stringContaining("spin (flow.ts:7)") });
  });

  it("is not punished in a body without a deadline of its own: it goes on in a host of its own", () => {
    const pending = [body(1, { begunAt: 10, overdue: true }), body(2)];
    expect(kinds(ended({ endedFor: "deadline", holder: { run: 2, frames: [] } }), pending)).toEqual([
      [1, "lost", false],
      [2, "lost", true],
    ]);
  });

  it("is found out in hosts of their own where nobody could be asked and several are overdue", () => {
    const pending = [body(1, { begunAt: 10, overdue: true }), body(2, { begunAt: 20, overdue: true }), body(3)];
    expect(kinds(ended({ endedFor: "deadline" }), pending)).toEqual([
      [1, "lost", true],
      [2, "lost", true],
      [3, "lost", false],
    ]);
  });

  it("is that of the only overdue body where nobody could be asked", () => {
    const pending = [body(1, { begunAt: 10, overdue: true }), body(2, { begunAt: 20 })];
    expect(kinds(ended({ endedFor: "deadline" }), pending)).toEqual([
      [1, "timedOut", false],
      [2, "lost", false],
    ]);
  });

  it("is that of the body that called process.exit", () => {
    const end = ended({ exitCode: 7, exiting: { code: 7, run: 2 } });
    expect(kinds(end, [body(1), body(2)])).toEqual([
      [1, "lost", false],
      [2, "crashed", false],
    ]);
    expect(blame(end, [body(2)]).get(2)).toMatchObject({ message: expect.stringContaining("process.exit(7)") });
  });

  it("is that of the only body there was, with the evidence", () => {
    const end = ended({ signal: "SIGSEGV", lastErrors: ["free(): invalid pointer"], lastOutput: ["row 7"] });
    expect(blame(end, [body(1)]).get(1)).toEqual({
      kind: "crashed",
      message: "The task's host ended: killed by SIGSEGV\nfree(): invalid pointer\nrow 7",
    });
  });

  it("is unknown where several ran: each is started again in a host of its own", () => {
    expect(kinds(ended({ signal: "SIGSEGV" }), [body(1), body(2)])).toEqual([
      [1, "lost", true],
      [2, "lost", true],
    ]);
  });

  it("is nobody's when the run was cancelled", () => {
    expect(kinds(ended({ endedFor: "cancellation", signal: "SIGKILL" }), [body(1), body(2)])).toEqual([
      [1, "cancelled", false],
      [2, "cancelled", false],
    ]);
  });
});

describe("a host's end in words", () => {
  const mib = 1024 * 1024;
  it.each([
    [{ exitCode: 3 }, "exit code 3"],
    [{ signal: "SIGSEGV" as const }, "killed by SIGSEGV"],
    [
      { signal: "SIGKILL" as const, oomKills: 1, memoryLimit: 512 * mib, memoryPeak: 511.6 * mib },
      "killed by SIGKILL: out of memory (the kernel killed 1 process of this container for memory, limit 512 MiB, peak 512 MiB)",
    ],
    [{ signal: "SIGKILL" as const, oomKills: 0 }, "killed by SIGKILL, and not by the kernel for memory"],
    [{ signal: "SIGKILL" as const, oomKills: null }, "killed by SIGKILL; whether for memory cannot be told here"],
    [
      { signal: "SIGABRT" as const, lastErrors: ["FATAL ERROR: … JavaScript heap out of memory"] },
      "killed by SIGABRT: JavaScript heap out of memory",
    ],
    [{ exitCode: 0, exiting: { code: 0, run: null } }, "process.exit(0) was called"],
  ])("%o is %s", (what, words) => {
    expect(describeEnd(ended(what))).toBe(words);
  });
});
