import { type ChildProcess, spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { prefect3Env, prefect3Folder } from "../../prefect-3/installed.ts";
import { killGroup } from "../../prefect-3/server.ts";

export interface Worker {
  readonly pid: number;
  /** The end of what it has said. */
  said(): string;
  /** Ends it, and what it has started. */
  close(): Promise<void>;
}

export interface WorkerOptions {
  readonly url: string;
  readonly pool: string;
  readonly type: "process" | "docker";
  /** Its home, and where its log is written. */
  readonly folder: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts a worker of the real Prefect 3. */
export function startWorker({ url, pool, type, folder, env = {} }: WorkerOptions): Worker {
  const file = join(folder, `${type}-worker.log`);
  const log = openSync(file, "a");
  const child = spawn(
    join(prefect3Folder, "bin/prefect"),
    ["worker", "start", "--pool", pool, "--type", type, "--name", `${pool}-worker`],
    {
      ...{ stdio: ["ignore", log, log], cwd: folder, detached: true },
      env: {
        ...prefect3Env,
        HOME: folder,
        PREFECT_HOME: folder,
        PREFECT_API_URL: url,
        PREFECT_WORKER_QUERY_SECONDS: "0.5",
        PREFECT_SERVER_ANALYTICS_ENABLED: "false",
        ...env,
      },
    },
  );
  const { pid = 0 } = child;
  return {
    pid,
    said: () => readFileSync(file, "utf8").slice(-8_000),
    async close() {
      if (child.exitCode === null && child.signalCode === null) await ended(child, pid);
    },
  };
}

async function ended(child: ChildProcess, pid: number): Promise<void> {
  const exit = new Promise((resolve) => child.once("exit", resolve));
  killGroup(pid);
  await exit;
}
