import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { prefect3Env, prefect3Python } from "../../prefect-3/installed.ts";

/** What a script of `python/` prints, as JSON; the real Prefect 3 is there, and speaks to this server. */
export function askPython<Answer>(script: string, url: string, home: string, ...words: string[]): Promise<Answer> {
  return askPythonWith({}, script, url, home, ...words);
}

/** The same, where what it starts wants more variables. */
export async function askPythonWith<Answer>(
  more: NodeJS.ProcessEnv,
  script: string,
  url: string,
  home: string,
  ...words: string[]
): Promise<Answer> {
  const { stdout } = await promisify(execFile)(
    prefect3Python,
    ["-X", "faulthandler", join(import.meta.dirname, "python", script), ...words],
    {
      // Should it hang, its error says where each of its threads is.
      ...{ timeout: 240_000, killSignal: "SIGABRT" },
      env: { ...prefect3Env, HOME: home, PREFECT_HOME: home, PREFECT_API_URL: url, ...more },
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  return JSON.parse(stdout);
}
