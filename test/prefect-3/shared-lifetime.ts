import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import "../shared-folder.ts";
import { killGroup } from "./server.ts";

/** What the shared server has in the shared folder. */
export const sharedServer = "prefect-3";

/** Vitest's global set-up: the shared server is started when it is asked for, and ends here. */
export default function setup(project: TestProject): () => void {
  const { sharedFolder } = project.getProvidedContext();
  return () => {
    const pid = startedPid(join(sharedFolder, sharedServer));
    if (pid !== null) killGroup(pid);
  };
}

/** Null: no test has asked for the server. */
function startedPid(folder: string): number | null {
  try {
    return Number(readFileSync(join(folder, "pid"), "utf8"));
  } catch {
    return null;
  }
}
