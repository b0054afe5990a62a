import { readdirSync, readFileSync, statSync } from "node:fs";

/**
 * The variable by which the processes of a host are known. Whatever they start inherits it, also what leaves the process
 * group and the session and has another parent by now (`setsid`, a daemon's two forks).
 */
export const hostMark = "FLOW_RUNNER_HOST";

/** Milliseconds in which all of them have ended; a process that waits for a broken disk takes for ever. */
const patience = 1_000;

/**
 * Ends the processes that a host which has ended has left behind. A program that was started with another environment
 * is not known again: a container's end takes it along.
 *
 * @param host - the mark of that host
 */
export async function endLeftBehind(host: string): Promise<void> {
  const deadline = Date.now() + patience;
  // One that was being started while we looked is found the next time.
  while (endMarked(host) > 0 && Date.now() < deadline) await sleep(5);
}

/** Whether any process is this user's. */
export const hasProcesses = (uid: number): boolean =>
  processes().some((pid) => statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid === uid);

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** How many there were. */
function endMarked(host: string): number {
  let found = 0;
  for (const pid of processes()) {
    if (!isMarked(pid, host)) continue;
    found += 1;
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}

/** None where they are not told (macOS, Windows). */
function processes(): number[] {
  try {
    return readdirSync("/proc").map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function isMarked(pid: number, host: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1").split("\0").includes(`${hostMark}=${host}`);
  } catch {
    // It is another user's, or has ended.
    return false;
  }
}
