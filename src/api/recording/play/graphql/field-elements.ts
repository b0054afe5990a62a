import { z } from "zod";
import { type Element, shortened } from "../element.ts";
import type { AskedField } from "./asked-field.ts";

/**
 * How a field is answered: `noted` without being looked for, since the number of heartbeats and log lines depends on the
 * time; `states` and `rows` element by element, since lists are cut differently from run to run; `whole` as it was.
 */
export type Form = "noted" | "states" | "rows" | "whole";

const noted = new Set(["update_flow_run_heartbeat", "update_task_run_heartbeat", "write_run_log", "write_run_logs"]);
const setters = new Set(["set_task_run_states", "set_flow_run_states"]);

const stateShape = z.looseObject({
  type: z.string().catch("?"),
  message: z.string().nullish().catch(null),
  context: z.looseObject({ runner_id: z.string().nullish() }).nullish().catch(null),
});
const stateItem = z.looseObject({ state: stateShape }).transform(({ state, ...ids }) => ({
  run: String(ids.task_run_id ?? ids.taskRunId ?? ids.flow_run_id ?? ids.flowRunId),
  ...state,
}));
const stateList = z.object({ input: z.object({ states: z.array(stateItem) }) });
const idList = z.strictObject({ where: z.strictObject({ id: z.strictObject({ _in: z.array(z.string()) }) }) });

/** A field's form and its elements, in the order of its list. */
export function elementsOf(field: AskedField): { readonly form: Form; readonly elements: readonly Element[] } {
  if (noted.has(field.name)) return { form: "noted", elements: [] };
  const states = setters.has(field.name) ? stateList.safeParse(field.args) : null;
  if (states?.success)
    return { form: "states", elements: states.data.input.states.map((item) => stateOf(field, item)) };
  const ids = field.columns.includes("id") ? idList.safeParse(field.args) : null;
  if (ids?.success) return { form: "rows", elements: ids.data.where.id._in.map((id) => rowOf(field, id)) };
  return { form: "whole", elements: [wholeOf(field)] };
}

/** By its type: messages hold times, and a run is in no state of one type twice at once. */
function stateOf({ name }: AskedField, { run, type, message, context }: z.output<typeof stateItem>): Element {
  const said = message == null || message === "" ? "" : ` (${message})`;
  const title = shortened(`${name}: ${type} for ${run}${said}`);
  return { key: `${name} ${run} ${type}`, title, kind: name, run, owner: context?.runner_id ?? null };
}

const rowOf = ({ name, columns }: AskedField, id: string): Element => ({
  key: `${name} ${id} ${columns.toSorted().join(" ")}`,
  title: `${name}: ${columns.join(", ")} of ${id}`,
  kind: name,
  run: id,
  owner: null,
});

const wholeOf = ({ name, question }: AskedField): Element => ({
  key: question,
  title: shortened(question),
  kind: name,
  run: null,
  owner: null,
});
