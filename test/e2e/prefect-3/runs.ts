import { ask } from "../../prefect-3/api.ts";

export interface ToldRun {
  readonly id: string;
  readonly name: string;
  readonly flow_id: string;
  readonly state_type: string;
  readonly state_name: string;
  readonly state: { readonly message: string | null; readonly timestamp: string };
  readonly run_count: number;
}

export interface ToldTaskRun {
  readonly labels: Readonly<Record<string, unknown>>;
  readonly id: string;
  readonly name: string;
  readonly state_type: string;
  readonly state_name: string;
  readonly state: { readonly message: string | null };
  readonly run_count: number;
}

/** Runs of one Prefect 3 server, as its pages see them. */
export function runsAt(url: string) {
  return {
    create: async (deploymentId: string, body: object = {}) =>
      (await ask<{ id: string }>(url, "POST", `/deployments/${deploymentId}/create_flow_run`, body)).id,
    /** One that no deployment has made. */
    alone: async (flow: string, state: object) =>
      (await ask<{ id: string }>(url, "POST", "/flow_runs/", { flow_id: flow, state })).id,
    /** What a worker does before it starts a process for it. */
    taken: (id: string) => ask(url, "POST", `/flow_runs/${id}/set_state`, { state: { type: "PENDING" } }),
    told: (id: string) => ask<ToldRun>(url, "GET", `/flow_runs/${id}`),
    /** What the buttons "Cancel" and "Retry" of its pages do. */
    cancel: (id: string) => ask(url, "POST", `/flow_runs/${id}/set_state`, { state: { type: "CANCELLING" } }),
    retry: (id: string) =>
      ask(url, "POST", `/flow_runs/${id}/set_state`, {
        state: { type: "SCHEDULED", name: "AwaitingRetry", message: "Retry from the UI" },
        force: true,
      }),
    tasks: async (id: string) =>
      ask<ToldTaskRun[]>(url, "POST", "/task_runs/filter", { flow_runs: { id: { any_: [id] } }, limit: 200 }),
    logs: async (id: string) =>
      ask<{ message: string; level: number }[]>(url, "POST", "/logs/filter", {
        logs: { flow_run_id: { any_: [id] } },
        limit: 200,
      }),
  };
}
