import { readFileSync } from "node:fs";

/** What the kernel has counted for this container; null where it cannot be told (no cgroup, macOS, Windows). */
export interface MemoryCount {
  readonly oomKills: number | null;
  readonly limit: number | null;
}

const sources = {
  /** cgroup v2, then v1, as they appear inside a container. */
  kills: ["/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/memory/memory.oom_control"],
  limit: ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"],
} as const;

/** Read before a host starts and after it has ended: the difference is evidence, where an exit code is a guess. */
export function countMemory(): MemoryCount {
  const kills = firstReadable(sources.kills)?.match(/^oom_kill (\d+)$/m)?.[1];
  const limit = Number(firstReadable(sources.limit)?.trim());
  // cgroup v1 says "no limit" with a number near 2^63, v2 with "max".
  const isLimit = Number.isFinite(limit) && limit > 0 && limit < 2 ** 60;
  return { oomKills: kills === undefined ? null : Number(kills), limit: isLimit ? limit : null };
}

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
