import type { Exchange } from "../../file/exchange.ts";
import type { Kept } from "../tracks.ts";
import { fieldsOf } from "./asked-field.ts";
import { elementsOf } from "./field-elements.ts";
import { outcomesOf } from "./field-outcomes.ts";

/** What an exchange in GraphQL holds: the elements of all its fields. */
export function keptFields({ request, response }: Exchange): readonly Kept<unknown>[] {
  return pairs(request.body, response.body).flatMap(([operation, body]) =>
    fieldsOf(operation).flatMap((field) => {
      const state = elementsOf(field).form === "states" ? "state" : "change";
      const is = field.changes ? state : "question";
      return [...outcomesOf(field, { ...response, body })].map(([element, outcome]) => ({ element, outcome, is }));
    }),
  );
}

/** Several operations may come in one body, and are answered by a list. */
function pairs(request: unknown, response: unknown): (readonly [unknown, unknown])[] {
  if (!Array.isArray(request)) return [[request, response]];
  return request.map((operation, at) => [operation, Array.isArray(response) ? response[at] : response] as const);
}
