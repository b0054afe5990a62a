import { FlowRunnerError } from "../../../errors/index.ts";
import { messageOf } from "../../../errors/message-of.ts";
import type { Batch, BatchAnswers } from "../../port/batch.ts";
import type { CallOptions } from "../../port/call.ts";
import { withRetries } from "../../transport/retry.ts";
import { TransientFailure } from "../../transport/transient-failure.ts";
import { type GraphqlAnswer, problemOf } from "../client/graphql-answer.ts";
import type { GraphqlClient } from "../client/graphql-client.ts";
import { OddAnswer, takeAnswers, type Unanswered } from "./batch-answers.ts";
import { batchDocument, type Field } from "./batch-document.ts";
import { BatchWork, type Work } from "./batch-work.ts";
import { openVersions } from "./open-versions.ts";
import { type Refused, Settlement } from "./settle.ts";

export interface SubmitOptions extends CallOptions {
  /** Milliseconds after which a state that a concurrency limit held back is tried again. */
  readonly queueInterval: number;
}

/** Sends a batch until every item has an answer of its own; see `Api.submit`. */
export async function submitBatch(client: GraphqlClient, batch: Batch, options: SubmitOptions): Promise<BatchAnswers> {
  const work = new BatchWork(client.dialect, batch);
  const settlement = new Settlement(client, batch.flowRunId, options);
  const submission = new Submission(client, batch.flowRunId, settlement, options);
  try {
    await withRetries(
      async () => {
        await settlement.settle(work.inDoubt);
        for (let items = work.next(); items.length > 0; items = work.next()) await submission.send(items);
      },
      client.retry,
      options,
    );
  } catch (error) {
    if (!(error instanceof FlowRunnerError) && options.signal?.aborted !== true) throw error;
    work.giveUp(messageOf(error));
  }
  return work.answers();
}

/** Prefect's server takes no larger one, and a larger one in a list would take the others with it. */
const mostBytesOfState = 1_000_000;

const tooLarge = (item: Work): Refused[] =>
  item.kind === "creation"
    ? []
    : [{ item, reason: `The state is too large: it has ${item.size} bytes, and an API takes ${mostBytesOfState}` }];

const operation = "a batch of states";
const attemptsForOddAnswers = 3;

class Submission {
  readonly #client: GraphqlClient;
  readonly #flowRunId: string;
  readonly #settlement: Settlement;
  readonly #options: SubmitOptions;

  constructor(client: GraphqlClient, flowRunId: string, settlement: Settlement, options: SubmitOptions) {
    this.#client = client;
    this.#flowRunId = flowRunId;
    this.#settlement = settlement;
    this.#options = options;
  }

  /** One request, and those that its answer makes necessary. */
  async send(given: readonly Work[]): Promise<void> {
    const items = given.filter((item) => item.size <= mostBytesOfState || item.kind === "creation");
    await this.#settlement.refuse(given.flatMap((item) => (items.includes(item) ? [] : tooLarge(item))));
    if (items.length === 0) return;
    const versions = await openVersions(this.#client, items, this.#options);
    const document = batchDocument(this.#client.dialect, this.#flowRunId, items, versions);
    let answer: GraphqlAnswer;
    try {
      answer = await this.#client.once({ ...document.graphql, operation }, this.#options);
    } catch (error) {
      if (isTooMuchAtOnce(error)) return this.#halve(items, error.message);
      if (error instanceof TransientFailure && error.circumstances.maybeStored) doubt(items);
      throw error;
    }
    // The document as a whole was not understood: one of its items is to blame, and the others must not suffer.
    const understood = answer.errors.length === 0 || hasFields(answer);
    if (!understood) return this.#halve(items, problemOf(answer.errors));
    const { suspects, refused } = this.#take(document.fields, answer);
    for (const item of suspects) item.alone = true;
    doubt(suspects);
    await this.#settlement.refuse(refused);
    await this.#settlement.settle(suspects);
  }

  #take(fields: readonly Field[], answer: GraphqlAnswer): Unanswered {
    try {
      const { dialect, retry } = this.#client;
      return takeAnswers(dialect, fields, answer, retry.clock.now() + this.#options.queueInterval);
    } catch (error) {
      if (!(error instanceof OddAnswer)) throw error;
      doubt(fields.flatMap(({ items }): readonly Work[] => items));
      const final = this.#client.malformed(operation, error.message, JSON.stringify(error.value));
      throw new TransientFailure(final, { maybeStored: true, maxAttempts: attemptsForOddAnswers });
    }
  }

  async #halve(items: readonly Work[], reason: string): Promise<void> {
    const [only] = items;
    if (items.length === 1 && only !== undefined) {
      if (only.kind === "creation") only.answer = { status: "refused", reason };
      else only.answer = { status: "refused", reason, current: null };
      return;
    }
    const middle = Math.ceil(items.length / 2);
    await this.send(items.slice(0, middle));
    await this.send(items.slice(middle));
  }
}

function doubt(items: readonly Work[]): void {
  for (const item of items) if (item.answer === null) item.inDoubt = true;
}

/** Some field was worked on: it has data, or an error of its own. */
const hasFields = ({ data, errors }: GraphqlAnswer): boolean =>
  Object.values(data).some((value) => value != null) || errors.some(({ path }) => path != null && path.length > 0);

const isTooMuchAtOnce = (error: unknown): error is FlowRunnerError<"API_REJECTED"> =>
  error instanceof FlowRunnerError &&
  error.code === "API_REJECTED" &&
  [400, 413, 422].includes((error.details as { status: number }).status);
