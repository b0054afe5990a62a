import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { countMemory, killsAll } from "../../src/host/runner/end/memory-evidence.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "cgroup-"));
});
afterEach(() => rmSync(root, { recursive: true }));

/** What the kernel shows in a container. */
function shows(files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, "sys/fs/cgroup", name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${content}\n`);
  }
}

describe("what the kernel has counted for a container", () => {
  it("is read from cgroup v2", () => {
    shows({ "memory.events": "low 0\noom 2\noom_kill 1", "memory.max": "268435456", "memory.peak": "268431360" });
    expect(countMemory(root)).toEqual({ oomKills: 1, limit: 268_435_456, peak: 268_431_360 });
  });

  it("is read from cgroup v1", () => {
    shows({
      "memory/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 3",
      "memory/memory.limit_in_bytes": "268435456",
      "memory/memory.max_usage_in_bytes": "1024",
    });
    expect(countMemory(root)).toEqual({ oomKills: 3, limit: 268_435_456, peak: 1024 });
  });

  it.each([
    ["v2", "0::/jobs.slice/run", "jobs.slice/run/memory.max", "memory.max"],
    ["v1", "5:cpu,memory:/run\n0::/", "memory/run/memory.limit_in_bytes", "memory/memory.limit_in_bytes"],
  ])("is that of its own cgroup where all of the machine's are there: %s", (_, cgroups, own, all) => {
    shows({ [own]: "1024", [all]: "4096", "../../../proc/self/cgroup": cgroups });
    expect(countMemory(root).limit).toBe(1024);
  });

  it("has no limit where v2 says max, and v1 a number near 2^63", () => {
    shows({ "memory.max": "max" });
    expect(countMemory(root).limit).toBeNull();
    rmSync(join(root, "sys/fs/cgroup/memory.max"));
    shows({ "memory/memory.limit_in_bytes": "9223372036854771712" });
    expect(countMemory(root).limit).toBeNull();
  });

  it("is unknown where there is no cgroup", () => {
    expect(countMemory(root)).toEqual({ oomKills: null, limit: null, peak: null });
  });
});

it("the kernel ends all processes together only where memory.oom.group is 1", () => {
  expect(killsAll(root)).toBe(false);
  shows({ "memory.oom.group": "0" });
  expect(killsAll(root)).toBe(false);
  shows({ "memory.oom.group": "1" });
  expect(killsAll(root)).toBe(true);
});
