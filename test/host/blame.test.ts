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
  heapLimit: null,
  lastErrors: [],
  lastOutput: [],
  ...what,
});

const body = (id: number, what: Partial<Pending> = {}): Pending => ({
  id,
  label: `task-${id}`,
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

describe("how sure it is that a task has taken all memory", () => {
  const mib = 1024 * 1024;
  const end = ended({ signal: "SIGKILL", oomKills: 1, memoryLimit: 256 * mib, memoryPeak: 256 * mib });
  const words = "out of memory: the container's limit of 256 MiB, peak 256 MiB";
  const messageOf = (pending: readonly Pending[], beside: readonly string[] = []): string => {
    const [verdict] = blame(end, pending, beside).values();
    return verdict !== undefined && "message" in verdict ? verdict.message : "";
  };

  it("is said where it ran alone", () => {
    expect(messageOf([body(1)])).toMatch(`The task's host ended: ${words}`);
    expect(messageOf([body(1)])).toMatch(/No other task ran in that host\.$/);
  });

  it("is said where others ran in hosts of their own, with their names", () => {
    expect(messageOf([body(1)], ["sort-1[3]", "load-1"])).toMatch(
      /in hosts of their own ran sort-1\[3\], load-1: of the hosts,/,
    );
  });

  it("is said where it was one of several, with their names", () => {
    const message = messageOf(Array.from({ length: 12 }, (_, id) => body(id)));
    expect(message).toContain(`The host ended while 12 tasks ran, one of them the cause: ${words}`);
    expect(message).toMatch(/They are task-0, task-1, .*task-9 and 2 more\.$/);
  });
});

describe("a host's end in words", () => {
  const mib = 1024 * 1024;
  it.each([
    [{ exitCode: 3 }, "exit code 3"],
    [{ signal: "SIGSEGV" as const }, "killed by SIGSEGV"],
    [
      { signal: "SIGKILL" as const, oomKills: 1, memoryLimit: 512 * mib, memoryPeak: 511.6 * mib },
      "out of memory: the container's limit of 512 MiB, peak 512 MiB (killed by SIGKILL, which the kernel sent for memory)",
    ],
    [
      { signal: "SIGKILL" as const, oomKills: 3 },
      "out of memory: all that the machine has (killed by SIGKILL, which the kernel sent for memory; it killed 3 processes of this container, of which this is most likely one)",
    ],
    [
      { exitCode: 1, oomKills: 1, memoryLimit: 512 * mib },
      "exit code 1; the kernel killed 1 of this container's processes for memory meanwhile",
    ],
    [{ signal: "SIGKILL" as const, oomKills: 0 }, "killed by SIGKILL, and not by the kernel for memory"],
    [{ signal: "SIGKILL" as const, oomKills: null }, "killed by SIGKILL; whether for memory cannot be told here"],
    [
      { signal: "SIGABRT" as const, lastErrors: ["FATAL ERROR: … JavaScript heap out of memory"] },
      "out of memory: V8's heap limit, which NODE_OPTIONS=--max-old-space-size or Node itself has set (killed by SIGABRT)",
    ],
    [
      {
        signal: "SIGABRT" as const,
        oomKills: 0,
        memoryLimit: 256 * mib,
        heapLimit: 128 * mib,
        lastErrors: ["FATAL ERROR: … JavaScript heap out of memory"],
      },
      "out of memory: V8's heap limit of 128 MiB in the container's 256 MiB, which FLOW_RUNNER__HOST_HEAP changes (killed by SIGABRT)",
    ],
    [{ exitCode: 0, exiting: { code: 0, run: null } }, "process.exit(0) was called"],
  ])("%o is %s", (what, words) => {
    expect(describeEnd(ended(what))).toBe(words);
  });
});
