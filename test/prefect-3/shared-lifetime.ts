import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { killGroup } from "./server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the shared Prefect 3 server lives, once a test has asked for it. */
    prefect3Folder: string;
  }
}

/** Vitest's global set-up: the shared server is started when it is asked for, and ends here. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "prefect-3-shared-"));
  project.provide("prefect3Folder", folder);
  return () => {
    const pid = startedPid(folder);
    if (pid !== null) killGroup(pid);
    rmSync(folder, { recursive: true, force: true });
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
