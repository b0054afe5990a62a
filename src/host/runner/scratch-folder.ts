import { chownSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { HostUser } from "./process/host-user.ts";

/** Docker mounts it, in memory, also in a container whose own file system is read-only. */
const sharedMemory = "/dev/shm";

/**
 * Makes a folder of a run's own for what need not last; nobody else reads it.
 *
 * @param user - whose it is; null: the runner's own
 * @throws the system's own error where there is no place for it
 */
export function makeScratchFolder(user: HostUser | null): string {
  const folder = makeFolder();
  if (user !== null) chownSync(folder, user.uid, user.gid);
  return folder;
}

function makeFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), "flow-runner-"));
  } catch (error) {
    try {
      return mkdtempSync(join(sharedMemory, "flow-runner-"));
    } catch {
      throw error;
    }
  }
}
