import { readFileSync } from "node:fs";
import type { ResultWrite } from "../core/run-body.ts";
import type { Usage } from "../protocol/usage.ts";

/** Node's own: the flow's code, or a library for its tests, may put others in their place. */
const dateNow = Date.now;
const clock = performance.now.bind(performance);

/** One attempt of a body that is under way. */
interface Attempt {
  readonly began: number;
  readonly entered: number;
  readonly cpu: number;
  readonly memory: number;
  beside: number;
}

/** Linux counts the time of ended child processes in these: a hundredth of a second. */
const tickMs = 10;

/** Reads what this process uses before and after each body: four numbers of the kernel's, some microseconds. */
export class UsageMeter {
  readonly #underWay = new Set<Attempt>();

  /**
   * @param alone - it is the only body of this process, so that its child processes count too
   * @returns tells what was used since, once the body is over
   */
  begin(alone: boolean): (write: ResultWrite | null) => Usage {
    const cpuNow = alone ? () => ownCpu() + childrensCpu() : ownCpu;
    const attempt: Attempt = {
      began: dateNow(),
      entered: clock(),
      cpu: cpuNow(),
      memory: process.memoryUsage.rss(),
      beside: 0,
    };
    this.#underWay.add(attempt);
    const others = this.#underWay.size - 1;
    for (const each of this.#underWay) each.beside = Math.max(each.beside, others);
    return (write) => {
      this.#underWay.delete(attempt);
      const memory = process.memoryUsage.rss();
      const total = cpuNow();
      return {
        began: attempt.began,
        wall: rounded(clock() - attempt.entered),
        cpu: rounded(total - attempt.cpu),
        memory,
        grown: memory - attempt.memory,
        peak: Math.max(memory, process.resourceUsage().maxRSS * 1024),
        beside: attempt.beside,
        total: rounded(total),
        ...(write === null ? {} : { write: { ...write, took: rounded(write.took) } }),
      };
    };
  }
}

/** Frames are text: no digits behind the microsecond. */
const rounded = (ms: number): number => Math.round(ms * 1_000) / 1_000;

function ownCpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Of the child processes that have ended; Node does not tell. 0 where there is no /proc. */
function childrensCpu(): number {
  try {
    // The fields after the program's name, which is in brackets and may have spaces: 13 and 14 are the children's.
    const fields = readFileSync("/proc/self/stat", "utf8")
      .replace(/^.*\)\s/s, "")
      .split(" ");
    return (Number(fields[13]) + Number(fields[14])) * tickMs;
  } catch {
    return 0;
  }
}
