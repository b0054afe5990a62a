import type { CallOptions } from "../../port/call.ts";
import type { GraphqlClient } from "../client/graphql-client.ts";
import { askOnce, heldVersions } from "../run/held-states.ts";
import type { StateWork, Work } from "./batch-work.ts";

/**
 * For the states of a request that go with whatever version their run has: the one that the API holds now, where it
 * wants one with every state (0.7). Part of an attempt to send them.
 */
export async function openVersions(
  client: GraphqlClient,
  items: readonly Work[],
  options: CallOptions,
): Promise<ReadonlyMap<string, number>> {
  if (!client.dialect.versionsRequired) return new Map();
  const ask = askOnce(client, options);
  const open = items.filter((item): item is StateWork => item.kind !== "creation" && item.version === null);
  const ids = (wanted: StateWork["kind"]) => open.flatMap(({ kind, runId }) => (kind === wanted ? [runId] : []));
  return new Map([
    ...(await heldVersions(ask, ids("task"), "task")),
    ...(await heldVersions(ask, ids("flow"), "flow")),
  ]);
}
