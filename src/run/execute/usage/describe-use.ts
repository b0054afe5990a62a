import type { BodyUse } from "../../../host/index.ts";

/** What one host process has used in all. */
export interface Used {
  /** It ran a single body. */
  readonly isolated: boolean;
  /** Milliseconds. */
  readonly cpu: number;
  /** Bytes. */
  readonly peak: number;
}

/** What one attempt has used, and whether that is its own or that of a process which others shared. */
export function describeUse({ wall, cpu, memory, grown, peak, beside }: BodyUse["usage"], isolated: boolean): string {
  if (isolated) {
    return `ran ${seconds(wall)}, used ${seconds(cpu)} of CPU and at most ${mib(peak)} of memory, in a process of its own.`;
  }
  const change = `${grown < 0 ? "shrank" : "grew"} by ${mib(Math.abs(grown))} to ${mib(memory)}`;
  if (beside === 0) return `ran ${seconds(wall)}, used ${seconds(cpu)} of CPU; its host's memory ${change}.`;
  const others = beside === 1 ? "one other task" : `up to ${beside} other tasks`;
  return `ran ${seconds(wall)}; its host, which it shared with ${others}, used ${seconds(cpu)} of CPU meanwhile, and its memory ${change}.`;
}

/** What a run has used, in one line. */
export function describeUses(used: readonly Used[]): string {
  const [alone, shared] = [true, false].map((isolated) => used.filter((each) => each.isolated === isolated));
  const parts = [
    ...(shared?.length ? [`The tasks' host used ${total(shared)}`] : []),
    ...(alone?.length
      ? [`${alone.length === 1 ? "one isolated task" : `${alone.length} isolated task runs`} used ${total(alone)}`]
      : []),
    `the runner ${total([ownUse()])}`,
  ];
  const text = `${parts.join("; ")}.`;
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function total(used: readonly Omit<Used, "isolated">[]): string {
  const cpu = used.reduce((sum, each) => sum + each.cpu, 0);
  return `${seconds(cpu)} of CPU and at most ${mib(Math.max(...used.map(({ peak }) => peak)))} of memory`;
}

function ownUse(): Pick<Used, "cpu" | "peak"> {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return { cpu: (userCPUTime + systemCPUTime) / 1_000, peak: maxRSS * 1024 };
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(ms < 10_000 ? 3 : 1)} s`;
const mib = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(bytes < 100 * 1024 * 1024 ? 1 : 0)} MiB`;
