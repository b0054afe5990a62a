import { z } from "zod";
import type { Ack } from "../../../engine/index.ts";
import { FlowRunnerError } from "../../../errors/index.ts";
import type { CreationAnswer } from "../../port/batch.ts";
import { type GraphqlAnswer, type GraphqlError, problemOf } from "../client/graphql-answer.ts";
import { mutationRow } from "../client/mutation.ts";
import type { Dialect } from "../dialect/dialect.ts";
import { creationField, type Field } from "./batch-document.ts";
import type { CreationWork, StateWork } from "./batch-work.ts";
import type { Refused } from "./settle.ts";

const setAnswer = z.object({
  states: z.array(z.object({ status: z.string().nullish(), message: z.string().nullish() })),
});
const createdRow = z.object({ id: z.string(), version: z.number(), serialized_state: z.unknown() });

/** What an answer leaves open. */
export interface Unanswered {
  /** Their list failed as a whole: some of them may be stored. */
  readonly suspects: StateWork[];
  readonly refused: Refused[];
}

/** An answer that is no answer to what was asked. */
export class OddAnswer extends Error {
  readonly value: unknown;

  constructor(problem: string, value: unknown) {
    super(problem);
    this.value = value;
  }
}

/**
 * Gives the items of a document their answers.
 *
 * @param queuedUntil when a state that a concurrency limit held back may be tried again, epoch milliseconds
 * @throws OddAnswer
 */
export function takeAnswers(
  dialect: Dialect,
  fields: readonly Field[],
  answer: GraphqlAnswer,
  queuedUntil: number,
): Unanswered {
  if (!fields.some(({ alias }) => answer.data[alias] != null || errorOf(answer, alias) !== null)) {
    throw new OddAnswer("none of its fields is there", answer.data);
  }
  const suspects: StateWork[] = [];
  const refused: Refused[] = [];
  for (const field of fields) {
    const value = answer.data[field.alias];
    const error = errorOf(answer, field.alias);
    if (field.kind === "creation") {
      takeCreation(dialect, field.items[0], value, error);
      continue;
    }
    const [only] = field.items;
    if (value != null) {
      takeStates(field.items, value, queuedUntil);
    } else if (field.items.length === 1 && only !== undefined && (error !== null || only.alone)) {
      refused.push({ item: only, reason: problemOf(error === null ? answer.errors : [error]) });
    } else {
      suspects.push(...field.items);
    }
  }
  return { suspects, refused };
}

function takeStates(items: readonly StateWork[], value: unknown, queuedUntil: number): void {
  const parsed = setAnswer.safeParse(value);
  if (!parsed.success) throw new OddAnswer(z.prettifyError(parsed.error), value);
  const { states } = parsed.data;
  if (states.length !== items.length) throw new OddAnswer("it has another number of states than were sent", value);
  items.forEach((item, at) => {
    item.answer = ackOf(states[at]?.status ?? "SUCCESS", states[at]?.message ?? null, queuedUntil);
  });
}

function ackOf(status: string, message: string | null, queuedUntil: number): Ack {
  if (status === "SUCCESS") return { status: "accepted" };
  if (status === "QUEUED") return { status: "queued", startTime: queuedUntil };
  return { status: "refused", reason: message ?? `the API answered ${status}`, current: null };
}

function takeCreation(dialect: Dialect, item: CreationWork, value: unknown, error: GraphqlError | null): void {
  if (value != null) item.answer = created(dialect, item, value);
  else if (error !== null || item.alone) {
    item.answer = { status: "refused", reason: error?.message ?? "the API gave no reason" };
  }
  item.alone = true;
}

function created(dialect: Dialect, item: CreationWork, value: unknown): CreationAnswer {
  const parsed = mutationRow(dialect, creationField, createdRow).safeParse(value);
  if (!parsed.success) throw new OddAnswer(z.prettifyError(parsed.error), value);
  const { id, version, serialized_state } = parsed.data;
  try {
    return {
      status: "created",
      run: { id, version, state: dialect.readState(serialized_state, `task run ${id}`), mapIndex: item.mapIndex },
    };
  } catch (error) {
    // A state that is not readable concerns its own run only.
    if (!(error instanceof FlowRunnerError)) throw error;
    return { status: "refused", reason: error.message };
  }
}

const errorOf = (answer: GraphqlAnswer, alias: string): GraphqlError | null =>
  answer.errors.find(({ path }) => path?.[0] === alias) ?? null;
