import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { onceARun } from "../once-a-run.ts";
import { freePort } from "../results/servers.ts";
import { prefect3Folder } from "./installed.ts";
import { boot } from "./server.ts";
import { sharedServer } from "./shared-lifetime.ts";

/**
 * The one Prefect 3 server that all test files share: started by the first that asks, ended with the whole run. Flows,
 * deployments and work pools of a test need names of their own there.
 *
 * @returns its address, which ends in `/api`
 */
export const sharedPrefect3 = (): Promise<string> =>
  onceARun(sharedServer, async (folder) => {
    copyFileSync(join(prefect3Folder, "empty.db"), join(folder, "prefect.db"));
    const port = await freePort();
    // Containers reach it too.
    await boot({ folder, port, host: "0.0.0.0" });
    return `http://127.0.0.1:${port}/api`;
  });
