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
  /** Why its control channel could not be used any more, for which we ended it; null: it could. */
  readonly broken: string | null;
  /** Whose code held the thread; null: it was not asked, or could not be told. */
  readonly holder: ThreadHolder | null;
  /** The host's last words when it ended by itself. */
  readonly exiting: { readonly code: number; readonly run: number | null } | null;
  /** Processes of this container that the kernel killed for memory while the host ran; null: cannot be told here. */
  readonly oomKills: number | null;
  /** The container's memory limit, bytes; null: none, or it cannot be told. */
  readonly memoryLimit: number | null;
  /** The most memory that the container has used since it started, bytes; null: it cannot be told. */
  readonly memoryPeak: number | null;
  /** The limit of V8's heap that it was started with, bytes; null: Node's own. */
  readonly heapLimit: number | null;
  /** The last lines that Node or native code printed to its standard error. */
  readonly lastErrors: readonly string[];
  /** The last lines that the flow's code printed or logged. */
  readonly lastOutput: readonly string[];
}

/** The end in words, with the evidence that there is and no guess beyond it. */
export function describeEnd(end: HostEnd): string {
  if (end.endedFor === "deadline") return "it did not answer past a task's deadline and was ended";
  if (end.broken !== null) return `its control channel was broken, so it was ended. ${end.broken}`;
  if (end.exiting !== null) return `process.exit(${end.exiting.code}) was called${childKills(end)}`;
  const how = end.signal === null ? `exit code ${end.exitCode}` : `killed by ${end.signal}`;
  if (end.lastErrors.some((line) => line.includes("JavaScript heap out of memory")))
    return `out of memory: ${heapLimit(end)} (${how}${childKills(end)})`;
  if (end.signal !== "SIGKILL") return how + childKills(end);
  if (end.oomKills === null) return `${how}; whether for memory cannot be told here`;
  return end.oomKills === 0 ? `${how}, and not by the kernel for memory` : outOfMemory(end, end.oomKills);
}

function outOfMemory({ memoryLimit, memoryPeak }: HostEnd, kills: number): string {
  const which = memoryLimit === null ? "all that the machine has" : `the container's limit of ${mib(memoryLimit)}`;
  const peak = memoryPeak === null ? "" : `, peak ${mib(memoryPeak)}`;
  const sure = kills === 1 ? "" : `; it killed ${kills} processes of this container, of which this is most likely one`;
  return `out of memory: ${which}${peak} (killed by SIGKILL, which the kernel sent for memory${sure})`;
}

/** V8 gave up before the kernel did: the container may have had memory left. */
function heapLimit({ heapLimit: limit, memoryLimit }: HostEnd): string {
  if (limit === null) return "V8's heap limit, which NODE_OPTIONS=--max-old-space-size or Node itself has set";
  const container = memoryLimit === null ? "" : ` in the container's ${mib(memoryLimit)}`;
  return `V8's heap limit of ${mib(limit)}${container}, which FLOW_RUNNER__HOST_HEAP changes`;
}

/** The host was not killed for memory, but something that it had started was, and it may have ended for that. */
const childKills = ({ oomKills }: HostEnd): string =>
  (oomKills ?? 0) === 0 ? "" : `; the kernel killed ${oomKills} of this container's processes for memory meanwhile`;

const mib = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MiB`;
