import type { GraphqlDocument } from "../client/document.ts";
import { mutationField, spelledInput } from "../client/mutation.ts";
import type { Dialect } from "../dialect/dialect.ts";
import type { CreationWork, StateWork, Work } from "./batch-work.ts";

/** One field of the document under its alias, and the items that its answer is about. */
export type Field =
  | { readonly alias: string; readonly kind: "creation"; readonly items: readonly [CreationWork] }
  | { readonly alias: string; readonly kind: "task" | "flow"; readonly items: readonly StateWork[] };

export interface BatchDocument {
  readonly graphql: Pick<GraphqlDocument, "query" | "variables">;
  readonly fields: readonly Field[];
}

const setters = { task: "set_task_run_states", flow: "set_flow_run_states" } as const;

/**
 * Puts items into one document: its fields are done in order, task runs before the flow run. No run has two states in
 * it (see `BatchWork.next`), since Prefect's server works on a list concurrently.
 *
 * @param openVersions - by run: what goes with a state that is for whatever version its run has
 */
export function batchDocument(
  dialect: Dialect,
  flowRunId: string,
  items: readonly Work[],
  openVersions: ReadonlyMap<string, number>,
): BatchDocument {
  const creations = items.filter((item) => item.kind === "creation");
  const states = items.filter((item) => item.kind !== "creation");
  const alone = states.some((item) => item.alone);
  const fields: Field[] = [
    ...creations.map((item, at): Field => ({ alias: `c${at}`, kind: "creation", items: [item] })),
    ...(alone ? states.map((item, at) => stateField(at, [item])) : inLists(states)),
  ];
  const declared = fields.flatMap(({ alias, kind }) =>
    kind === "creation" ? [] : [`$${alias}: ${dialect.inputType(setters[kind])}!`],
  );
  const selected = fields.map((field) =>
    field.kind === "creation"
      ? creation(dialect, flowRunId, field.alias, field.items[0])
      : setter(dialect, field.alias, field.kind),
  );
  const inputs = fields.flatMap((field) =>
    field.kind === "creation"
      ? []
      : [`"${field.alias}":{"states":[${field.items.map((item) => withVersion(item, openVersions)).join(",")}]}`],
  );
  return {
    fields,
    graphql: {
      query: `mutation${declared.length === 0 ? "" : `(${declared.join(", ")})`} {\n${selected.join("\n")}\n}`,
      ...(inputs.length === 0 ? {} : { variables: `{${inputs.join(",")}}` }),
    },
  };
}

/** Prefect 1.x sends the version with Running only: a container that has lost its run can replace what another says. */
function withVersion({ json, version, runId }: StateWork, openVersions: ReadonlyMap<string, number>): string {
  return `${json.slice(0, -1)},"version":${version ?? openVersions.get(runId) ?? null}}`;
}

function inLists(states: readonly StateWork[]): Field[] {
  const lists = [states.filter(({ kind }) => kind === "task"), states.filter(({ kind }) => kind === "flow")];
  return lists.filter(({ length }) => length > 0).map((items, at) => stateField(at, items));
}

function stateField(at: number, items: readonly StateWork[]): Field {
  return { alias: `s${at}`, kind: items[0]?.kind ?? "task", items };
}

export const creationField = "get_or_create_task_run_info";

function creation(dialect: Dialect, flowRunId: string, alias: string, { taskId, mapIndex }: CreationWork): string {
  const fields = { flow_run_id: JSON.stringify(flowRunId), task_id: JSON.stringify(taskId), map_index: mapIndex };
  const input = Object.entries(spelledInput(dialect, fields)).map(([key, value]) => `${key}: ${value}`);
  const field = mutationField(dialect, creationField, `{ ${input.join(", ")} }`, "id version serialized_state");
  return `${alias}: ${field}`;
}

function setter(dialect: Dialect, alias: string, kind: "task" | "flow"): string {
  const answer = kind === "task" ? "id status message" : dialect.flowStateAnswer;
  return `${alias}: ${mutationField(dialect, setters[kind], `$${alias}`, `states { ${answer} }`)}`;
}
