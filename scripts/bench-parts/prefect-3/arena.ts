import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { ask } from "../../../test/prefect-3/api.ts";
import { prefect3Folder } from "../../../test/prefect-3/installed.ts";
import { startPrefect3 } from "../../../test/prefect-3/server.ts";
import type { Arena, ArenaOptions } from "../arena.ts";
import { flowRunner3, prefect3 } from "./contenders.ts";
import { startCountingProxy } from "./counting-proxy.ts";

interface Told {
  readonly type: string;
  readonly message: string | null;
}

/** A real server of Prefect 3, with flow-runner and Prefect's own engine; null where it is not installed. */
export async function realPrefect3({ folder, alone }: ArenaOptions): Promise<Arena | null> {
  if (!existsSync(prefect3Folder)) {
    console.log("Prefect 3 is not there; scripts/ci-setup installs it.");
    return null;
  }
  const server = await startPrefect3();
  const proxy = await startCountingProxy(server.url);
  return {
    contenders: [flowRunner3(proxy.url, folder), ...(alone ? [] : [prefect3(proxy.url, folder)])],
    counts: [1, 100, 1000],
    async createRun(flowId, count) {
      const body = { flow_id: flowId, parameters: { count }, state: { type: "PENDING" } };
      return (await ask<{ id: string }>(server.url, "POST", "/flow_runs/", body)).id;
    },
    async problemWith(id, count) {
      const { state } = await ask<{ state: Told }>(server.url, "GET", `/flow_runs/${id}`);
      if (state.type !== "COMPLETED") return `${state.type} (${state.message})`;
      // It records task runs in its own time; the next run is not to wait for those of this one.
      const filter = { flow_runs: { id: { any_: [id] } }, task_runs: { state: { type: { any_: ["COMPLETED"] } } } };
      for (const deadline = Date.now() + 300_000; Date.now() < deadline; await pause(200)) {
        if ((await ask<number>(server.url, "POST", "/task_runs/count", filter)) === count + 2) return null;
      }
      return "without all of its task runs";
    },
    requests: () => proxy.requests(),
    async close() {
      proxy.close();
      await server.close();
    },
  };
}
