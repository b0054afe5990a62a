import { z } from "zod";
import type { Answer } from "../../../http/answer.ts";
import type { Exchange } from "../../file/exchange.ts";
import type { Element } from "../element.ts";
import type { Outcome } from "../outcome.ts";
import type { AskedField } from "./asked-field.ts";
import { elementsOf } from "./field-elements.ts";

const fieldError = z.looseObject({ path: z.array(z.union([z.string(), z.number()])).nullish() });
const answered = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(fieldError).nullish(),
});
const lists = z.object({ states: z.array(z.unknown()) });
const rows = z.array(z.looseObject({ id: z.string() }));

/** The elements of a field with what an answer says of each; undefined: a row that was not there. */
export function* outcomesOf(
  field: AskedField,
  { status, contentType, body }: Exchange["response"],
): Generator<readonly [Element, Outcome<unknown>]> {
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
