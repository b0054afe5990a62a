import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What the kernel has counted for this container; null where it cannot be told (no cgroup, macOS, Windows). */
export interface MemoryCount {
  readonly oomKills: number | null;
  readonly limit: number | null;
  /** The most that was used. */
  readonly peak: number | null;
}

const files = {
  /** cgroup v2, then v1. */
  kills: ["memory.events", "memory.oom_control"],
  peak: ["memory.peak", "memory.max_usage_in_bytes"],
  limit: ["memory.max", "memory.limit_in_bytes"],
} as const;

/** Read before a host starts and after it has ended: the difference is evidence, where an exit code is a guess. */
export function countMemory(root = "/"): MemoryCount {
  const own = ownCgroup(root);
  const read = (name: keyof typeof files): string | null => {
    const [v2, v1] = files[name];
    return firstReadable(
      [join(own.v2, v2), join(mounted.v2, v2), join(own.v1, v1), join(mounted.v1, v1)].map((path) => join(root, path)),
    );
  };
  const kills = read("kills")?.match(/^oom_kill (\d+)$/m)?.[1];
  const limit = Number(read("limit")?.trim());
  // cgroup v1 says "no limit" with a number near 2^63, v2 with "max".
  const isLimit = Number.isFinite(limit) && limit > 0 && limit < 2 ** 60;
  const peak = read("peak");
  return {
    oomKills: kills === undefined ? null : Number(kills),
    limit: isLimit ? limit : null,
    peak: peak === null ? null : Number(peak),
  };
}

/** Where a container finds its own cgroup, as if there were no other. */
const mounted = { v2: "sys/fs/cgroup", v1: "sys/fs/cgroup/memory" };

/** The cgroup of this process where those of the whole machine are mounted: under systemd, on Docker's own host. */
function ownCgroup(root: string): typeof mounted {
  const lines = firstReadable([join(root, "proc/self/cgroup")]) ?? "";
  const [, v2 = ""] = /^0::(\/.*)$/m.exec(lines) ?? [];
  const [, v1 = ""] = /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(\/.*)$/m.exec(lines) ?? [];
  return { v2: join(mounted.v2, v2), v1: join(mounted.v1, v1) };
}

/**
 * Whether the kernel, when the container is out of memory, ends all of its processes and not the host alone: then nobody
 * lives to tell. cgroup v2's `memory.oom.group`, which some clusters set.
 */
export const killsAll = (root = "/"): boolean =>
  firstReadable([ownCgroup(root).v2, mounted.v2].map((path) => join(root, path, "memory.oom.group")))?.trim() === "1";

function firstReadable(paths: readonly string[]): string | null {
  for (const path of paths) {
    try {
      return readFileSync(path, "utf8");
    } catch {
      // The other cgroup version's path, or no cgroup at all.
    }
  }
  return null;
}
