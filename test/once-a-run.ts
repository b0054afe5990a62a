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
  const told = `${folder}.json`;
  if (wins(folder)) {
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
    await pause(50);
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
