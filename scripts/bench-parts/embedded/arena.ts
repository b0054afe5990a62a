import { join } from "node:path";
import { z } from "zod";
import { startApi } from "../../../src/api/index.ts";
import type { Arena, ArenaOptions } from "../arena.ts";
import { flowRunner, prefect } from "./contenders.ts";

/** The embedded API, with flow-runner and Prefect 1.4.1. */
export async function embedded({ folder, alone }: ArenaOptions): Promise<Arena> {
  const api = await startApi({ key: "bench", data: join(folder, "api.db") });
  const backend = { url: api.url, tenantId: api.tenantId, folder };
  const other = alone ? null : prefect(backend);
  const ask = async (query: string, variables: object): Promise<unknown> => {
    const headers = { "content-type": "application/json", authorization: "Bearer bench" };
    const response = await fetch(api.url, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
    const { data, errors } = answerShape.parse(await response.json());
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data;
  };
  return {
    contenders: [flowRunner(backend), ...(other === null ? [] : [other])],
    counts: [1, 1000, 10_000],
    async createRun(flowId, count) {
      const created = await ask("mutation($input: create_flow_run_input!) { create_flow_run(input: $input) { id } }", {
        input: { flow_id: flowId, parameters: { count }, idempotency_key: crypto.randomUUID() },
      });
      return z.object({ create_flow_run: z.object({ id: z.string() }) }).parse(created).create_flow_run.id;
    },
    async problemWith(id) {
      const ended = await ask("query($id: uuid!) { flow_run_by_pk(id: $id) { state } }", { id });
      const { state } = z.object({ flow_run_by_pk: z.object({ state: z.string() }) }).parse(ended).flow_run_by_pk;
      return state === "Success" ? null : state;
    },
    requests: () => api.requests(),
    close: () => api.close(),
  };
}

const answerShape = z.object({ data: z.unknown(), errors: z.unknown().optional() });
