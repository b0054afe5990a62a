import type { Api, ApiOptions } from "./api.ts";

export type { Api, ApiOptions } from "./api.ts";
export type { Fault, FaultPlan, FaultRule, MetFault, SeenOperation } from "./faults/fault.ts";
export { recordApi, replayApi } from "./recording/index.ts";
export type { ServedConversation } from "./recording/recording.ts";

/**
 * Starts the embedded API: the GraphQL API of Prefect 1.x (Cloud's parts included: secrets, version lock, concurrency
 * limits), and at /graphql/alpha that of Prefect 0.7, over a SQLite file. What it answers has been committed: it
 * outlives a `kill -9`.
 *
 * It creates the runs of schedules, ten ahead, by the clock that it is given. It has no agent: a run waits until
 * something executes it.
 *
 * @example
 * ```ts
 * const api = await startApi({ data: "runs.db" });
 * // PREFECT__CLOUD__API=${api.url} flow-runner execute
 * await api.close();
 * ```
 * @throws FlowRunnerError API_DATA_UNREADABLE, API_DATA_FOREIGN, API_DATA_NEWER, API_DATA_BUSY, API_ADDRESS_UNUSABLE
 */
export async function startApi(options: ApiOptions = {}): Promise<Api> {
  // graphql alone takes 60 ms to load: a command that starts no API must not pay for it.
  const { start } = await import("./start.ts");
  return await start(options);
}
