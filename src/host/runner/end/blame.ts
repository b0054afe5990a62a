import { describeEnd, type HostEnd, type ThreadHolder } from "./host-end.ts";

/** A body that was under way when its host ended. */
export interface Pending {
  readonly id: number;
  /** The task run, as its author knows it: `fetch day-1[3]`. */
  readonly label: string;
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

/**
 * Says for each body that was under way whether the host's end was its doing.
 *
 * @param beside - labels of the bodies that ran in other hosts: they share the container's memory
 */
export function blame(end: HostEnd, pending: readonly Pending[], beside: readonly string[] = []): Map<number, Blame> {
  const verdict = verdictFor(end, pending, beside);
  return new Map(pending.map((body) => [body.id, verdict(body)]));
}

function verdictFor(end: HostEnd, pending: readonly Pending[], beside: readonly string[]): (body: Pending) => Blame {
  const what = describeEnd(end);
  const innocent: Blame = { kind: "lost", message: `The host ended through another task (${what}).`, suspect: false };
  if (end.endedFor === "cancellation") return () => ({ kind: "cancelled" });
  if (end.endedFor === "deadline") return heldThread(end.holder, pending, innocent);
  if (end.exiting !== null && end.exiting.run !== null) {
    const { code, run } = end.exiting;
    const message = `The task called process.exit(${code}), which ended its host.`;
    return (body) => (body.id === run ? { kind: "crashed", message } : innocent);
  }
  const lines = [...end.lastErrors.slice(-5), ...end.lastOutput.slice(-5)];
  if (pending.length === 1) {
    const sure = what.startsWith("out of memory") ? howSure(end, beside) : "";
    const message = [`The task's host ended: ${what}${sure}`, ...lines].join("\n");
    return () => ({ kind: "crashed", message });
  }
  const names = some(pending.map(({ label }) => label));
  const message = [
    `The host ended while ${pending.length} tasks ran, one of them the cause: ${what}. They are ${names}.`,
    ...lines,
  ].join("\n");
  return () => ({ kind: "lost", message, suspect: true });
}

/** Memory is the container's, so that the task which is killed for it is not always the one that took it. */
function howSure(end: HostEnd, beside: readonly string[]): string {
  if (end.signal !== "SIGKILL" || beside.length === 0) return ". No other task ran in that host.";
  return `. No other task ran in that host, but in hosts of their own ran ${some(beside)}: of the hosts, the kernel ends the one with the most memory.`;
}

const mostNames = 10;

const some = (names: readonly string[]): string =>
  names.length <= mostNames
    ? names.join(", ")
    : `${names.slice(0, mostNames).join(", ")} and ${names.length - mostNames} more`;

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
