import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { saveArtifact } from "../../../src/artifact/index.ts";
import { parseRunnerEnvironment } from "../../../src/config/index.ts";
import type { LogRecord } from "../../../src/engine/index.ts";
import { executeFlowRun } from "../../../src/run/execute/execute.ts";
import { patience } from "../../eventually.ts";
import { ask as askAt } from "../../prefect-3/api.ts";

export interface HeldState {
  readonly type: string;
  readonly name: string;
  readonly message: string | null;
  readonly data: unknown;
  readonly state_details?: Readonly<Record<string, unknown>>;
}
export interface HeldFlowRun {
  readonly state: HeldState;
  readonly run_count: number;
}
export interface HeldTaskRun {
  readonly id: string;
  readonly name: string;
  readonly state: HeldState;
  readonly run_count: number;
  readonly tags: readonly string[];
  readonly start_time: string | null;
  readonly end_time: string | null;
  readonly task_inputs: Readonly<Record<string, readonly { readonly input_type: string; readonly id?: string }[]>>;
}
export interface HeldLog {
  readonly name: string;
  readonly level: number;
  readonly message: string;
  readonly task_run_id: string | null;
}

interface Hooks {
  readonly signal?: AbortSignal;
  readonly onLog?: (record: LogRecord) => void;
  readonly env?: NodeJS.ProcessEnv;
}

export type Deployed3 = Awaited<ReturnType<typeof saved>>;

/**
 * A saved artifact in a folder as an image has it, and what a worker of Prefect 3 does with runs of its flows.
 *
 * @param headers - go with what the test itself asks of the server
 */
export async function saved(url: string, file: string, headers: Readonly<Record<string, string>> = {}) {
  const ask = <Answer>(method: "GET" | "POST", path: string, body?: unknown) =>
    askAt<Answer>(url, method, path, body, headers);
  const folder = mkdtempSync(join(tmpdir(), "prefect-3-run-"));
  await saveArtifact({ flows: file, output: join(folder, "flows.prefect") });
  const env = (flowRunId: string): NodeJS.ProcessEnv => ({
    PREFECT_API_URL: url,
    PREFECT__FLOW_RUN_ID: flowRunId,
    PREFECT__HOME_DIR: folder,
    HOME: folder,
  });
  const taskRuns = (id: string) =>
    ask<HeldTaskRun[]>("POST", "/task_runs/filter", { flow_runs: { id: { any_: [id] } } });
  return {
    folder,
    env,
    taskRuns,
    close: () => rmSync(folder, { recursive: true, force: true }),
    /** A run that a worker is about to start. */
    async run(flow: string, parameters: object = {}, more: object = {}): Promise<string> {
      const { id } = await ask<{ id: string }>("POST", "/flows/", { name: flow });
      const body = { flow_id: id, parameters, state: { type: "PENDING" }, ...more };
      return (await ask<{ id: string }>("POST", "/flow_runs/", body)).id;
    },
    execute(flowRunId: string, hooks: Hooks = {}) {
      const whole = { PATH: process.env.PATH, ...env(flowRunId), ...hooks.env };
      return executeFlowRun(parseRunnerEnvironment(whole), {
        env: whole,
        observer: hooks.onLog === undefined ? {} : { onLog: hooks.onLog },
        signal: hooks.signal ?? new AbortController().signal,
      });
    },
    flowRun: (id: string) => ask<HeldFlowRun>("GET", `/flow_runs/${id}`),
    setState: (id: string, state: object) => ask<{ status: string }>("POST", `/flow_runs/${id}/set_state`, { state }),
    logs: (id: string) =>
      ask<HeldLog[]>("POST", "/logs/filter", { logs: { flow_run_id: { any_: [id] } }, sort: "TIMESTAMP_ASC" }),
    /** The server records events in its own time; none at all is never right. */
    recorded(id: string, isRight: (runs: readonly HeldTaskRun[]) => boolean): Promise<HeldTaskRun[]> {
      const isRecorded = async () => {
        const runs = await taskRuns(id);
        // A task run is there before its state is.
        if (runs.length === 0 || !runs.every(({ state }) => state) || !isRight(runs))
          throw new Error(`not yet: ${JSON.stringify(runs.map(({ name, state }) => [name, state?.name]))}`);
        return runs;
      };
      return vi.waitFor(isRecorded, { timeout: patience, interval: 100 });
    },
  };
}
