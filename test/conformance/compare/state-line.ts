import { z } from "zod";

/** What is compared of a state in the API. */
export const wireStateSchema = z.looseObject({
  type: z.string(),
  message: z.string().nullish(),
  context: z.looseObject({ tags: z.array(z.string()).optional() }).nullish(),
  _result: z.looseObject({ type: z.string(), location: z.string().nullish() }).nullish(),
  start_time: z.string().nullish(),
  run_count: z.number().optional(),
  loop_count: z.number().optional(),
  n_map_states: z.number().optional(),
  cached_parameters: z.record(z.string(), z.unknown()).nullish(),
  cached_result_expiration: z.string().nullish(),
  hashed_inputs: z.record(z.string(), z.unknown()).nullish(),
});
export type WireState = z.output<typeof wireStateSchema>;

/**
 * A state as one line, in which two runners have to agree: type, message, where its result lies (of JSON the value), and
 * what belongs to the type. Times are told only as far as they are there, hashes by their names.
 */
export function stateLine(state: WireState): string {
  const words = [state.type];
  if (state.message != null) words.push(JSON.stringify(stableMessage(state.message)));
  const result = resultWord(state._result);
  if (result !== null) words.push(result);
  for (const [name, value] of Object.entries(details(state))) words.push(`${name}=${canonical(value)}`);
  return words.join(" ");
}

function details({ type, context, ...state }: WireState): Record<string, unknown> {
  const tags = context?.tags ?? [];
  return {
    ...(tags.length === 0 ? {} : { tags: tags.toSorted() }),
    ...(type === "Mapped" ? { children: state.n_map_states } : {}),
    ...(type === "Looped" ? { loop: state.loop_count } : {}),
    ...(type === "Retrying" ? { attempt: state.run_count } : {}),
    ...(type === "Paused" ? { until: state.start_time == null ? "resumed" : "a time" } : {}),
    ...(type === "Cached"
      ? {
          parameters: state.cached_parameters,
          expires: state.cached_result_expiration == null ? "never" : "at a time",
          inputs: Object.keys(state.hashed_inputs ?? {}).toSorted(),
        }
      : {}),
  };
}

/** Where a result lies; JSON in the state as its value, so that it does not matter who wrote the text. */
function resultWord(result: WireState["_result"]): string | null {
  if (result?.location == null) return null;
  if (result.type !== "PrefectResult") return `in ${result.type}`;
  return `= ${canonical(JSON.parse(result.location))}`;
}

/** JSON whose objects have their keys in order. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

/** Where Python prints `repr(error)`, we print name and message: `Boom('no')` is `Boom: no`, `Boom()` is `Boom`. */
const pythonError = /\b([A-Z]\w*)\((?:(['"])(.*?)\2)?\)/gs;

function stableMessage(message: string): string {
  return message.replace(pythonError, (_repr, name: string, _quote, text?: string) =>
    text === undefined || text === "" ? name : `${name}: ${text}`,
  );
}
