import { join } from "node:path";
import { ask } from "../../../test/prefect-3/api.ts";
import { prefect3Env, prefect3Folder } from "../../../test/prefect-3/installed.ts";
import type { Contender } from "../arena.ts";
import { measure, succeed } from "../measure.ts";

const root = join(import.meta.dirname, "../../..");
const flows = join(root, "scripts/bench-parts/flows");

/** What a worker of Prefect 3 gives a process. */
const workerEnvironment = (url: string, folder: string): NodeJS.ProcessEnv => ({
  ...prefect3Env,
  HOME: folder,
  PREFECT_HOME: folder,
  PREFECT_API_URL: url,
});

/** Prefect 3 has no registration: a flow is a name. */
const register = (url: string) => async () =>
  (await ask<{ id: string }>(url, "POST", "/flows/", { name: "mapped" })).id;

/** @param url - the API's address, as the process is given it */
export function flowRunner3(url: string, folder: string): Contender {
  const env = { ...workerEnvironment(url, folder), PREFECT__HOME_DIR: folder };
  const binary = join(root, "dist/cli/main.js");
  return {
    name: "flow-runner, Prefect 3",
    async register() {
      await succeed(
        process.execPath,
        [binary, "save", join(flows, "mapped.ts"), "--output", join(folder, "mapped.prefect")],
        env,
      );
      return register(url)();
    },
    execute: (id, watchMemory) =>
      measure(process.execPath, [binary, "execute"], { ...env, PREFECT__FLOW_RUN_ID: id }, watchMemory),
  };
}

/** Prefect's own engine, started as its process worker starts it. */
export function prefect3(url: string, folder: string): Contender {
  const env = { ...workerEnvironment(url, folder), PYTHONDONTWRITEBYTECODE: "1" };
  const words = ["-m", "prefect.flow_engine", `${join(flows, "mapped_3.py")}:mapped`];
  return {
    name: "Prefect 3.8.8",
    register: register(url),
    execute: (id, watchMemory) =>
      measure(join(prefect3Folder, "bin/python"), words, { ...env, PREFECT__FLOW_RUN_ID: id }, watchMemory),
  };
}
