import { readFileSync } from "node:fs";

const childrenOf = (pid: number): readonly number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);

/** Kills the hosts of a container, as the kernel does when it is out of memory; their process ids. */
export function killHosts(container: number): readonly number[] {
  const killed: number[] = [];
  try {
    for (const pid of childrenOf(container)) {
      if (!readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("host/child")) continue;
      process.kill(pid, "SIGKILL");
      killed.push(pid);
    }
  } catch (error) {
    // It has ended by itself meanwhile.
    if (!(error instanceof Error) || !("code" in error) || !["ENOENT", "ESRCH"].includes(String(error.code)))
      throw error;
  }
  return killed;
}
