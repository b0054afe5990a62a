import type { GraphqlDocument } from "../graphql-client.ts";
import type { CreationWork, StateWork, Work } from "./batch-work.ts";

/** One field of the document under its alias, and the items that its answer is about. */
export type Field =
  | { readonly alias: string; readonly kind: "creation"; readonly items: readonly [CreationWork] }
  | { readonly alias: string; readonly kind: "task" | "flow"; readonly items: readonly StateWork[] };

export interface BatchDocument {
  readonly graphql: Pick<GraphqlDocument, "query" | "variables">;
  readonly fields: readonly Field[];
}

const setters = {
  task: { field: "set_task_run_states", input: "set_task_run_states_input!" },
  flow: { field: "set_flow_run_states", input: "set_flow_run_states_input!" },
} as const;

/**
 * Puts items into one document: its fields are done in order, task runs before the flow run. No run has two states in
 * it (see `BatchWork.next`), since Prefect 1.x's server works on a list concurrently.
 */
export function batchDocument(flowRunId: string, items: readonly Work[]): BatchDocument {
  const creations = items.filter((item) => item.kind === "creation");
  const states = items.filter((item) => item.kind !== "creation");
  const alone = states.some((item) => item.alone);
  const fields: Field[] = [
    ...creations.map((item, at): Field => ({ alias: `c${at}`, kind: "creation", items: [item] })),
    ...(alone ? states.map((item, at) => stateField(at, [item])) : inLists(states)),
  ];
  const declared = fields.flatMap(({ alias, kind }) =>
    kind === "creation" ? [] : [`$${alias}: ${setters[kind].input}`],
  );
  const selected = fields.map((field) =>
    field.kind === "creation" ? creation(flowRunId, field.alias, field.items[0]) : setter(field),
  );
  const inputs = fields.flatMap((field) =>
    field.kind === "creation" ? [] : [`"${field.alias}":{"states":[${field.items.map(({ json }) => json).join(",")}]}`],
  );
  return {
    fields,
    graphql: {
      query: `mutation${declared.length === 0 ? "" : `(${declared.join(", ")})`} {\n${selected.join("\n")}\n}`,
      ...(inputs.length === 0 ? {} : { variables: `{${inputs.join(",")}}` }),
    },
  };
}

function inLists(states: readonly StateWork[]): Field[] {
  const lists = [states.filter(({ kind }) => kind === "task"), states.filter(({ kind }) => kind === "flow")];
  return lists.filter(({ length }) => length > 0).map((items, at) => stateField(at, items));
}

function stateField(at: number, items: readonly StateWork[]): Field {
  return { alias: `s${at}`, kind: items[0]?.kind ?? "task", items };
}

function creation(flowRunId: string, alias: string, { taskId, mapIndex }: CreationWork): string {
  const input = `{ flow_run_id: ${JSON.stringify(flowRunId)}, task_id: ${JSON.stringify(taskId)}, map_index: ${mapIndex} }`;
  return `${alias}: get_or_create_task_run_info(input: ${input}) { id version serialized_state }`;
}

function setter({ alias, kind }: { alias: string; kind: "task" | "flow" }): string {
  return `${alias}: ${setters[kind].field}(input: $${alias}) { states { id status message } }`;
}
