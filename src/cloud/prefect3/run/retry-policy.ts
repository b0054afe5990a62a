import { z } from "zod";
import type { FlowGraph } from "../../../graph/index.ts";
import type { CallOptions } from "../../port/call.ts";
import type { RestClient } from "../client/rest-client.ts";
import type { FlowRunRow } from "./flow-run-answers.ts";

/**
 * Tells the orchestrator how often a flow run is retried as a whole, before it is Running. What the run says already
 * stays: somebody has made it so, or an earlier process. Prefect 3's engine does the same as it begins (`initialize_run`).
 */
export class RetryPolicy {
  #policy: FlowRunRow["empirical_policy"];
  #graph: FlowGraph | null = null;

  found({ empirical_policy: policy }: FlowRunRow): void {
    this.#policy = policy;
  }

  /** The flow is loaded. */
  plan(graph: FlowGraph): void {
    this.#graph = graph;
  }

  /** Once: from then on the policy is the server's. @throws FlowRunnerError those of `RestClient` */
  async tell(client: RestClient, flowRunId: string, options?: CallOptions): Promise<void> {
    if (this.#graph === null) return;
    const policy = this.#policy;
    const retries = policy?.retries ?? this.#graph.maxRetries ?? 0;
    // The server takes whole seconds alone; the next attempt is not to come too soon.
    const delay = policy?.retry_delay ?? Math.ceil((this.#graph.retryDelay ?? 0) / 1_000);
    const isTold = policy?.retries != null && (policy.retry_delay != null || delay === 0);
    if (retries > 0 && !isTold) {
      const body = { empirical_policy: { ...policy, retries, retry_delay: delay } };
      const request = {
        operation: "the flow run's retries",
        path: `/flow_runs/${flowRunId}`,
        body,
        shape: z.unknown(),
      };
      await client.send({ ...request, method: "PATCH" }, options);
    }
    this.#graph = null;
  }
}
