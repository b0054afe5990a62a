import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "../results/servers.ts";
import { prefect3Env, prefect3Folder, prefect3Python } from "./installed.ts";

export interface Prefect3Options {
  /** More settings of the server, such as `PREFECT_SERVER_API_AUTH_STRING`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where it listens; `0.0.0.0` is reached from containers too. Default: 127.0.0.1 */
  readonly host?: string;
}

export interface Prefect3Server {
  /** Ends in `/api`, as `PREFECT_API_URL` does. */
  readonly url: string;
  readonly pid: number;
  /** Its database and its log; a PREFECT_HOME of its own. */
  readonly folder: string;
  /**
   * Takes it away, as a machine that fails, and brings it back at the same address, with what it has in its database.
   *
   * @param options - `awayFor`: milliseconds; `env`: settings that are others from then on
   */
  restart(options?: { readonly awayFor?: number; readonly env?: Prefect3Options["env"] }): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a real Prefect 3 server on a free port, its database in a folder that goes with it. It takes seconds, so
 * that most tests share one: `sharedPrefect3()`.
 */
export async function startPrefect3(options: Prefect3Options = {}): Promise<Prefect3Server> {
  const folder = mkdtempSync(join(tmpdir(), "prefect-3-"));
  copyFileSync(join(prefect3Folder, "empty.db"), join(folder, "prefect.db"));
  const port = await freePort();
  const started = { folder, port, ...options };
  let child = await boot(started);
  return {
    url: `http://127.0.0.1:${port}/api`,
    folder,
    get pid() {
      return child.pid ?? 0;
    },
    async restart({ awayFor = 0, env = {} } = {}) {
      await end(child);
      await pause(awayFor);
      child = await boot({ ...started, env: { ...started.env, ...env } });
    },
    async close() {
      await end(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Boot extends Prefect3Options {
  readonly folder: string;
  readonly port: number;
}

/** @returns once the server answers */
export async function boot({ folder, port, env = {}, host = "127.0.0.1" }: Boot): Promise<ChildProcess> {
  const url = `http://127.0.0.1:${port}/api`;
  const log = openSync(join(folder, "server.log"), "a");
  const words = [join(import.meta.dirname, "serve.py"), "--host", host, "--port", String(port)];
  const child = spawn(prefect3Python, words, {
    // Its own process group: the command's children end with it.
    ...{ stdio: ["ignore", log, log], cwd: folder, detached: true },
    env: {
      ...prefect3Env,
      HOME: folder,
      PREFECT_HOME: folder,
      PREFECT_API_DATABASE_CONNECTION_URL: `sqlite+aiosqlite:///${folder}/prefect.db`,
      // The database is at the newest version already.
      PREFECT_API_DATABASE_MIGRATE_ON_START: "false",
      // Else the pages ask port 4200.
      PREFECT_UI_API_URL: url,
      PREFECT_SERVER_ANALYTICS_ENABLED: "false",
      // One event a transaction is 85 events a second. The interval is cut to whole seconds: below one it never rests.
      PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE: "100",
      PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE: "100",
      PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL: "1",
      ...env,
    },
  });
  child.unref();
  writeFileSync(join(folder, "pid"), String(child.pid));
  for (const deadline = Date.now() + 280_000; ; await pause(100)) {
    const answers = await fetch(`${url}/health`, { signal: AbortSignal.timeout(5_000) }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) return child;
    if (child.exitCode !== null || Date.now() > deadline) {
      await end(child);
      throw new Error(`Prefect 3 did not start: ${readFileSync(join(folder, "server.log"), "utf8")}`);
    }
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.ref();
  const ended = new Promise((resolve) => child.once("exit", resolve));
  killGroup(child.pid);
  await ended;
}

/** Ends a process and those that it started. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
