import { copyFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { inject } from "vitest";
import { freePort } from "../results/servers.ts";
import { prefect3Folder } from "./installed.ts";
import { boot } from "./server.ts";
import "./shared-lifetime.ts";

/**
 * The one Prefect 3 server that all test files share: started by the first that asks, ended with the whole run. Flows,
 * deployments and work pools of a test need names of their own there.
 *
 * @returns its address, which ends in `/api`
 */
export async function sharedPrefect3(): Promise<string> {
  const folder = inject("prefect3Folder");
  const told = join(folder, "started.json");
  if (wins(join(folder, "starting"))) {
    try {
      copyFileSync(join(prefect3Folder, "empty.db"), join(folder, "prefect.db"));
      const port = await freePort();
      // Containers reach it too.
      await boot({ folder, port, host: "0.0.0.0" });
      publish(told, { url: `http://127.0.0.1:${port}/api` });
    } catch (error) {
      publish(told, { problem: String(error) });
    }
  }
  for (;;) {
    const found = read(told);
    if (found?.url !== undefined) return found.url;
    if (found?.problem !== undefined) throw new Error(found.problem);
    await pause(50);
  }
}

interface Told {
  readonly url?: string;
  readonly problem?: string;
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
