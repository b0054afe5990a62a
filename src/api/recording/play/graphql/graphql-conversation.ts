import { type Answer, refused } from "../../../http/answer.ts";
import type { Operation } from "../../../http/operation.ts";
import type { Exchange } from "../../file/exchange.ts";
import type { Element } from "../element.ts";
import { missingText } from "../missing.ts";
import { type Found, Tracks } from "../tracks.ts";
import { type AskedField, askedFields } from "./asked-field.ts";
import { elementsOf, type Form } from "./field-elements.ts";
import { keptFields } from "./kept-fields.ts";

/** What goes into the answer for one field. */
interface FieldAnswer {
  readonly value: unknown;
  readonly errors: readonly object[];
  readonly taken: readonly Found<unknown>[];
}

/**
 * A recorded conversation in GraphQL, which answers what is asked of it as the server did: a change of a run's state by
 * that run and the state's type, in order; a question by the last answer to it at the point that has been reached, which
 * is the furthest change that was answered; other changes in order, and then by their last answer again.
 */
export class GraphqlConversation {
  readonly #tracks: Tracks<unknown>;
  readonly #unmatched: (message: string) => void;

  /** @param unmatched - told of each request without an answer, as its answer says it */
  constructor(exchanges: readonly Exchange[], unmatched: (message: string) => void) {
    this.#tracks = new Tracks(exchanges.map(keptFields));
    this.#unmatched = unmatched;
  }

  answer(operation: Operation): Answer {
    const fields = askedFields(operation);
    if (fields.length === 0) return refused(400, "GRAPHQL_PARSE_FAILED", "No field can be read in this document");
    const answers: (readonly [AskedField, FieldAnswer])[] = [];
    for (const field of fields) {
      const { form, elements } = elementsOf(field);
      const found = elements.map((element) => [element, this.#tracks.find(element)] as const);
      for (const [, each] of found) {
        if (each?.moment.outcome.kind !== "failed") continue;
        this.#tracks.take([each]);
        return each.moment.outcome.answer;
      }
      answers.push([field, this.#answerField(field, form, found)]);
    }
    this.#tracks.take(answers.flatMap(([, { taken }]) => taken));
    const data = Object.fromEntries(answers.map(([{ alias }, { value }]) => [alias, value]));
    const errors = answers.flatMap(([{ alias }, each]) => each.errors.map((error) => ({ ...error, path: [alias] })));
    const body = JSON.stringify(errors.length === 0 ? { data } : { data, errors });
    return { status: 200, body: JSON.parse(this.#tracks.withOwners(body)) };
  }

  #answerField(
    field: AskedField,
    form: Form,
    elements: readonly (readonly [Element, Found<unknown> | null])[],
  ): FieldAnswer {
    if (form === "noted") return { value: acknowledged(field), errors: [], taken: [] };
    const found = elements.flatMap(([, each]) => each ?? []);
    const missing = elements.flatMap(([element, each]) => (each === null ? element : []));
    const errors = [...found.flatMap(refusalOf), ...this.#notRecorded(missing)];
    // Whoever sent a list sends each of its elements alone then, and only one of them is refused.
    if (errors.length > 0) return { value: null, errors, taken: elements.length === 1 ? found : [] };
    const values = found.flatMap(({ moment: { outcome } }) => (outcome.kind === "value" ? [outcome.value] : []));
    if (form === "states") return { value: { states: values }, errors, taken: found };
    const value = form === "rows" ? values.filter((row) => row !== undefined) : values[0];
    return { value, errors, taken: found };
  }

  #notRecorded(missing: readonly Element[]): readonly object[] {
    const [first] = missing;
    if (first === undefined) return [];
    const message = missingText(this.#tracks, first, missing.length);
    this.#unmatched(message);
    return [{ message, extensions: { code: "NOT_RECORDED" } }];
  }
}

/** The number of heartbeats and log lines depends on the time. */
const acknowledged = ({ columns }: AskedField): object =>
  Object.fromEntries(columns.map((name) => [name, name === "success" ? true : null]));

const refusalOf = ({ moment: { outcome } }: Found<unknown>): readonly object[] =>
  outcome.kind === "refused" ? outcome.errors : [];
