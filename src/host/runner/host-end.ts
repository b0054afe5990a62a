/** Which body holds a host's thread, and what it is doing. */
export interface ThreadHolder {
  /** The `id` of its `run` frame; null: no body's code. */
  readonly run: number | null;
  /** Its innermost functions, the innermost first: `parseRows (weather.ts:12)`. */
  readonly frames: readonly string[];
}

/** What is known about the end of a host process. */
export interface HostEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** We ended it: it held the thread past a deadline, or past the grace of a cancellation. */
  readonly endedFor: "deadline" | "cancellation" | null;
  /** Whose code held the thread; null: it was not asked, or could not be told. */
  readonly holder: ThreadHolder | null;
  /** The host's last words when it ended by itself. */
  readonly exiting: { readonly code: number; readonly run: number | null } | null;
  /** Processes of this container that the kernel killed for memory while the host ran; null: cannot be told here. */
  readonly oomKills: number | null;
  /** The container's memory limit, bytes; null: none, or it cannot be told. */
  readonly memoryLimit: number | null;
  /** The last lines of its standard error. */
  readonly lastErrors: readonly string[];
}

/** A body that was under way when its host ended. */
export interface Pending {
  readonly id: number;
  readonly slug: string;
  /** Its deadline has passed. */
  readonly overdue: boolean;
  /** When the host said that it entered the body, epoch milliseconds; null: it has not said so. */
  readonly begunAt: number | null;
}

export type Blame =
  | { readonly kind: "timedOut"; readonly message: string }
  | { readonly kind: "crashed"; readonly message: string }
  | { readonly kind: "lost"; readonly message: string; readonly suspect: boolean }
  | { readonly kind: "cancelled" };

/** Says for each body that was under way whether the host's end was its doing. */
export function blame(end: HostEnd, pending: readonly Pending[]): Map<number, Blame> {
  const verdict = verdictFor(end, pending);
  return new Map(pending.map((body) => [body.id, verdict(body)]));
}

function verdictFor(end: HostEnd, pending: readonly Pending[]): (body: Pending) => Blame {
  const what = describeEnd(end);
  const innocent: Blame = { kind: "lost", message: `The host ended through another task (${what}).`, suspect: false };
  if (end.endedFor === "cancellation") return () => ({ kind: "cancelled" });
  if (end.endedFor === "deadline") return heldThread(end.holder, pending, innocent);
  if (end.exiting !== null && end.exiting.run !== null) {
    const { code, run } = end.exiting;
    const message = `The task called process.exit(${code}), which ended its host.`;
    return (body) => (body.id === run ? { kind: "crashed", message } : innocent);
  }
  const evidence = [what, ...end.lastErrors.slice(-5)].join("\n");
  if (pending.length === 1) return () => ({ kind: "crashed", message: `The task's host ended: ${evidence}` });
  const message = `The host ended while ${pending.length} tasks ran, one of them the cause: ${evidence}`;
  return () => ({ kind: "lost", message, suspect: true });
}

/**
 * The one whose code held the thread is to blame; the deadlines of the others passed only because of it. Where nobody
 * could be asked, each that is overdue gets a host of its own, where its deadline is its own affair.
 */
function heldThread(
  holder: ThreadHolder | null,
  pending: readonly Pending[],
  innocent: Blame,
): (body: Pending) => Blame {
  const where =
    holder === null || holder.frames.length === 0 ? "" : ` It was in ${holder.frames.join(", called by ")}.`;
  const message = `Task timed out during execution. It held its host's thread and answered nothing, so the host was ended.${where}`;
  const overdue = pending.filter((body) => body.overdue);
  return (body) => {
    const holds = holder === null ? body.overdue : body.id === holder.run;
    if (!holds) return innocent;
    if (body.overdue && (holder !== null || overdue.length === 1)) return { kind: "timedOut", message };
    if (holder === null) {
      const message = `One of ${overdue.length} tasks held their host's thread past its deadline, and it is not known which.`;
      return { kind: "lost", message, suspect: true };
    }
    // It may hold a thread for as long as it likes where that holds up nobody else.
    return {
      kind: "lost",
      message: `The task held its host's thread past the deadline of another.${where}`,
      suspect: true,
    };
  };
}

/** The end in words, with the evidence that there is and no guess beyond it. */
export function describeEnd(end: HostEnd): string {
  if (end.endedFor === "deadline") return "it did not answer past a task's deadline and was ended";
  if (end.exiting !== null) return `process.exit(${end.exiting.code}) was called`;
  const how = end.signal === null ? `exit code ${end.exitCode}` : `killed by ${end.signal}`;
  if ((end.oomKills ?? 0) > 0) {
    const limit = end.memoryLimit === null ? "" : `, limit ${Math.round(end.memoryLimit / 1024 / 1024)} MiB`;
    return `${how}: out of memory (the kernel killed ${end.oomKills} process${end.oomKills === 1 ? "" : "es"} of this container for memory${limit})`;
  }
  if (end.lastErrors.some((line) => line.includes("JavaScript heap out of memory")))
    return `${how}: JavaScript heap out of memory`;
  if (end.signal === "SIGKILL" && end.oomKills === 0) return `${how}, and not by the kernel for memory`;
  return how;
}
