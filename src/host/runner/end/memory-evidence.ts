import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What the kernel has counted for this container; null where it cannot be told (no cgroup, macOS, Windows). */
export interface MemoryCount {
  readonly oomKills: number | null;
  readonly limit: number | null;
  /** The most that was used. */
  readonly peak: number | null;
}

const sources = {
  /** cgroup v2, then v1, as they appear inside a container. */
  kills: ["/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/memory/memory.oom_control"],
  peak: ["/sys/fs/cgroup/memory.peak", "/sys/fs/cgroup/memory/memory.max_usage_in_bytes"],
  limit: ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"],
} as const;

/** Read before a host starts and after it has ended: the difference is evidence, where an exit code is a guess. */
export function countMemory(root = "/"): MemoryCount {
  const read = (name: keyof typeof sources): string | null =>
    firstReadable(sources[name].map((path) => join(root, path)));
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

/**
 * Whether the kernel, when the container is out of memory, ends all of its processes and not the host alone: then nobody
 * lives to tell. cgroup v2's `memory.oom.group`, which some clusters set.
 */
export const killsAll = (root = "/"): boolean =>
  firstReadable([join(root, "/sys/fs/cgroup/memory.oom.group")])?.trim() === "1";

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
