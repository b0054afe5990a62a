import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Docker mounts it, in memory, also in a container whose own file system is read-only. */
const sharedMemory = "/dev/shm";

/**
 * Makes a folder of a run's own for what need not last.
 *
 * @throws the system's own error where there is no place for it
 */
export function makeScratchFolder(): string {
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
