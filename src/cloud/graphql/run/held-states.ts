import { z } from "zod";
import { fromWireTime } from "../../../state/index.ts";
import type { CallOptions } from "../../port/call.ts";
import type { HeldFlowState, HeldState } from "../../port/held-state.ts";
import type { GraphqlDocument } from "../client/document.ts";
import type { GraphqlClient } from "../client/graphql-client.ts";
import type { Dialect } from "../dialect/dialect.ts";

const heldRow = z.object({ id: z.string(), version: z.number(), serialized_state: z.unknown() });
const heldTaskRuns = z.object({ task_run: z.array(heldRow) });
const heldFlowRun = z.object({ flow_run_by_pk: heldRow.extend({ heartbeat: z.string().nullish() }).nullable() });

const asHeld = (dialect: Dialect, row: z.infer<typeof heldRow>, kind: string): HeldState => ({
  state: dialect.readState(row.serialized_state, `${kind} run ${row.id}`),
  version: row.version,
});

/** How a query goes out: with all the attempts the budget allows, or as part of an attempt. */
export interface Ask {
  readonly dialect: Dialect;
  /** As `GraphqlClient` has it. */
  readonly apiTime: number | null;
  send<T>(document: GraphqlDocument, shape: z.ZodType<T>): Promise<T>;
}

export const askInFull = (client: GraphqlClient, options: CallOptions): Ask => ({
  dialect: client.dialect,
  get apiTime() {
    return client.apiTime;
  },
  send: (document, shape) => client.send(document, shape, options),
});

export const askOnce = (client: GraphqlClient, options: CallOptions): Ask => ({
  dialect: client.dialect,
  get apiTime() {
    return client.apiTime;
  },
  send: async (document, shape) => client.read(document, shape, await client.once(document, options)),
});

/** Servers limit how many rows a query may ask for. */
const rowsAtOnce = 200;

export async function heldTaskStates(ask: Ask, ids: readonly string[]): Promise<Map<string, HeldState>> {
  const held = new Map<string, HeldState>();
  for (let at = 0; at < ids.length; at += rowsAtOnce) {
    const some = JSON.stringify(ids.slice(at, at + rowsAtOnce));
    const answer = await ask.send(
      {
        operation: "the question which states task runs have",
        query: `query { task_run(where: { id: { _in: ${some} } }) { id version serialized_state } }`,
      },
      heldTaskRuns,
    );
    for (const row of answer.task_run) held.set(row.id, asHeld(ask.dialect, row, "task"));
  }
  return held;
}

/** Null: there is no such flow run. */
export async function heldFlowState(ask: Ask, id: string): Promise<HeldFlowState | null> {
  const answer = await ask.send(
    {
      operation: "the question which state the flow run has",
      query: (known) =>
        `query { flow_run_by_pk(id: ${JSON.stringify(id)}) { ${known("id version heartbeat serialized_state")} } }`,
    },
    heldFlowRun,
  );
  const row = answer.flow_run_by_pk;
  if (row === null) return null;
  return { ...asHeld(ask.dialect, row, "flow"), heartbeat: heartbeatOf(row), apiTime: ask.apiTime };
}

/** Undefined: the API has no such column. */
export const heartbeatOf = ({ heartbeat }: { heartbeat?: string | null | undefined }): number | null | undefined =>
  typeof heartbeat === "string" ? fromWireTime(heartbeat) : heartbeat;

const heldVersionRows = z.object({ runs: z.array(z.object({ id: z.string(), version: z.number() })) });

/** The versions that runs have now. */
export async function heldVersions(
  ask: Ask,
  ids: readonly string[],
  kind: "task" | "flow",
): Promise<Map<string, number>> {
  const held = new Map<string, number>();
  for (let at = 0; at < ids.length; at += rowsAtOnce) {
    const some = JSON.stringify(ids.slice(at, at + rowsAtOnce));
    const answer = await ask.send(
      {
        operation: "the question which versions runs have",
        query: `query { runs: ${kind}_run(where: { id: { _in: ${some} } }) { id version } }`,
      },
      heldVersionRows,
    );
    for (const row of answer.runs) held.set(row.id, row.version);
  }
  return held;
}
