import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { inject } from "vitest";
import "./shared-folder.ts";

interface Told {
  readonly made?: string;
  readonly problem?: string;
}

/**
 * Makes what all test files of a run share, in the one that asks first; the others wait for it.
 *
 * @param make - gets a folder of its own, of this name, that goes with the run
 * @returns what `make` has told
 */
export async function onceARun(name: string, make: (folder: string) => Promise<string> | string): Promise<string> {
  const folder = join(inject("sharedFolder"), name);
  const [told, maker] = [`${folder}.json`, `${folder}.pid`];
  if (wins(folder)) {
    writeFileSync(maker, String(process.pid));
    try {
      publish(told, { made: await make(folder) });
    } catch (error) {
      publish(told, { problem: String(error) });
    }
  }
  for (;;) {
    const found = read(told);
    if (found?.made !== undefined) return found.made;
    if (found?.problem !== undefined) throw new Error(found.problem);
    if (isGone(maker) && read(told) === null) throw new Error(`the test file that was to make ${name} has ended`);
    await pause(50);
  }
}

/** Whether the process that a file names has ended; it is there a moment before it is in the file. */
function isGone(file: string): boolean {
  try {
    process.kill(Number(readFileSync(file, "utf8") || process.pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** Of several processes that come at once, one makes the folder. */
function wins(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

function publish(file: string, told: Told): void {
  writeFileSync(`${file}.part`, JSON.stringify(told));
  renameSync(`${file}.part`, file);
}

function read(file: string): Told | null {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}
