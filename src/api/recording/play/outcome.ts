import { z } from "zod";
import type { Answer } from "../../http/answer.ts";
import type { Exchange } from "../file/exchange.ts";
import type { AskedField } from "./asked-field.ts";
import { type Element, elementsOf } from "./element.ts";

/** What became of an element in one exchange. */
export type Outcome =
  /** Undefined: a row that was not there. */
  | { readonly kind: "value"; readonly value: unknown }
  /** Its field had an error of its own. `alone`: no other element was in it. */
  | { readonly kind: "refused"; readonly errors: readonly object[]; readonly alone: boolean }
  /** The request as a whole had no usable answer. */
  | { readonly kind: "failed"; readonly answer: Answer };

/** It says nothing of the element itself: a client asks again, by itself or later. */
export const isOvercome = (outcome: Outcome): boolean =>
  outcome.kind === "failed" || (outcome.kind === "refused" && !outcome.alone);

const fieldError = z.looseObject({ path: z.array(z.union([z.string(), z.number()])).nullish() });
const answered = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(fieldError).nullish(),
});
const lists = z.object({ states: z.array(z.unknown()) });
const rows = z.array(z.looseObject({ id: z.string() }));

/** The elements of a field with what an answer says of each. */
export function* outcomesOf(
  field: AskedField,
  { status, contentType, body }: Exchange["response"],
): Generator<readonly [Element, Outcome]> {
  const { form, elements } = elementsOf(field);
  const parsed = answered.safeParse(body);
  const { data, errors } = parsed.success && status < 500 ? parsed.data : {};
  const value = data?.[field.alias];
  const own = (errors ?? []).filter(({ path }) => path?.[0] === field.alias);
  const type = contentType ?? "text/plain";
  const answer: Answer = {
    status,
    body: typeof body === "object" && body !== null ? body : String(body ?? ""),
    headers: { "content-type": type },
  };
  const isNothing = value === null && (errors ?? []).length === 0;
  const states = form === "states" && value != null ? lists.safeParse(value).data?.states : undefined;
  const found = rows.safeParse(value).data;
  for (const [at, element] of elements.entries()) {
    if (value == null && own.length > 0)
      yield [element, { kind: "refused", errors: own, alone: elements.length === 1 }];
    else if (value == null && !isNothing) yield [element, { kind: "failed", answer }];
    else if (form === "whole") yield [element, { kind: "value", value }];
    else if (form === "states" && states?.length === elements.length)
      yield [element, { kind: "value", value: states[at] }];
    else if (form === "rows") yield [element, { kind: "value", value: found?.find(({ id }) => id === element.run) }];
  }
}
