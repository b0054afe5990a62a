import type { Answer } from "../../http/answer.ts";

/** What became of an element in one exchange. */
export type Outcome<Value> =
  | { readonly kind: "value"; readonly value: Value }
  /** It was refused by itself. `alone`: no other element was with it. */
  | { readonly kind: "refused"; readonly errors: readonly object[]; readonly alone: boolean }
  /** The request as a whole had no usable answer. */
  | { readonly kind: "failed"; readonly answer: Answer };

/** It says nothing of the element itself: a client asks again, by itself or later. */
export const isOvercome = (outcome: Outcome<unknown>): boolean =>
  outcome.kind === "failed" || (outcome.kind === "refused" && !outcome.alone);
