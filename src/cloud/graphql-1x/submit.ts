import { z } from "zod";
import type { Ack } from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { fromWire1x } from "../../state/wire.ts";
import type { Batch, BatchAnswers, CallOptions, HeldState } from "../api.ts";
import { isHeld } from "../claim.ts";
import { withRetries } from "../transport/retry.ts";
import { TransientFailure } from "../transport/transient-failure.ts";
import { batchDocument, type Field } from "./batch-document.ts";
import { BatchWork, type CreationWork, type StateWork, type Work } from "./batch-work.ts";
import { type GraphqlAnswer, type GraphqlClient, type GraphqlError, problemOf } from "./graphql-client.ts";
import { askOnce, heldFlowState, heldTaskStates } from "./held-states.ts";

const setAnswer = z.object({
  states: z.array(z.object({ status: z.string().nullish(), message: z.string().nullish() })),
});
const createdAnswer = z.object({ id: z.string(), version: z.number(), serialized_state: z.unknown() });

export interface SubmitOptions extends CallOptions {
  /** Milliseconds after which a state that a concurrency limit held back is tried again. */
  readonly queueInterval: number;
}

/** Sends a batch until every item has an answer of its own; see `Api.submit`. */
export async function submitBatch(client: GraphqlClient, batch: Batch, options: SubmitOptions): Promise<BatchAnswers> {
  const work = new BatchWork(batch);
  const submission = new Submission(client, batch.flowRunId, options);
  try {
    await withRetries(
      async (previous) => {
        if (previous?.circumstances.maybeStored === true) await submission.settle(work.unsure);
        for (let items = work.next(); items.length > 0; items = work.next()) await submission.send(items);
      },
      client.retry,
      options,
    );
  } catch (error) {
    if (!(error instanceof FlowRunnerError) && options.signal?.aborted !== true) throw error;
    work.giveUp(error instanceof Error ? error.message : String(error));
  }
  return work.answers();
}

class Submission {
  readonly #client: GraphqlClient;
  readonly #flowRunId: string;
  readonly #options: SubmitOptions;

  constructor(client: GraphqlClient, flowRunId: string, options: SubmitOptions) {
    this.#client = client;
    this.#flowRunId = flowRunId;
    this.#options = options;
  }

  async send(items: readonly Work[]): Promise<void> {
    const document = batchDocument(this.#flowRunId, items);
    for (const item of items) item.sent = true;
    let answer: GraphqlAnswer;
    try {
      answer = await this.#client.once(document.graphql, this.#options);
    } catch (error) {
      if (!isTooMuchAtOnce(error)) throw error;
      return this.#halve(items, error.message);
    }
    const known = document.fields.some(({ alias }) => answer.data[alias] != null || errorOf(answer, alias) !== null);
    if (!known && answer.errors.length === 0) throw odd(this.#client, "none of its fields is there", answer.data);
    // The document as a whole was not understood: one of its items is to blame, and the others must not suffer.
    if (!known) return this.#halve(items, problemOf(answer.errors));
    await this.#take(document.fields, answer);
  }

  /** Finds out which states the API holds although no answer said so, and accepts them. */
  async settle(items: readonly StateWork[]): Promise<void> {
    if (items.length === 0) return;
    const held = await this.#held(items);
    const byRun = Map.groupBy(items, ({ runId }) => runId);
    for (const [runId, states] of byRun) {
      const current = held.get(runId)?.state;
      const last = current === undefined ? -1 : states.findLastIndex(({ state }) => isHeld(state, current));
      for (const item of states.slice(0, last + 1)) item.answer = { status: "accepted" };
    }
  }

  async #halve(items: readonly Work[], reason: string): Promise<void> {
    const [only] = items;
    if (items.length === 1 && only !== undefined) {
      only.answer =
        only.kind === "creation" ? { status: "refused", reason } : { status: "refused", reason, current: null };
      return;
    }
    const middle = Math.ceil(items.length / 2);
    await this.send(items.slice(0, middle));
    await this.send(items.slice(middle));
  }

  async #take(fields: readonly Field[], answer: GraphqlAnswer): Promise<void> {
    const suspects: StateWork[] = [];
    const refused: { item: StateWork; reason: string }[] = [];
    for (const field of fields) {
      const value = answer.data[field.alias];
      const error = errorOf(answer, field.alias);
      if (field.kind === "creation") {
        takeCreation(field.items[0], value, error, this.#client);
      } else if (value != null) {
        this.#takeStates(field.items, value);
      } else if (field.items.length === 1 && field.items[0] !== undefined && (error !== null || field.items[0].alone)) {
        refused.push({ item: field.items[0], reason: problemOf(error === null ? answer.errors : [error]) });
      } else {
        suspects.push(...field.items);
      }
    }
    for (const item of suspects) item.alone = true;
    await this.settle(suspects);
    await this.#refuse(refused);
  }

  #takeStates(items: readonly StateWork[], value: unknown): void {
    const parsed = setAnswer.safeParse(value);
    if (!parsed.success || parsed.data.states.length !== items.length) {
      const problem = parsed.success ? "it has another number of states than were sent" : z.prettifyError(parsed.error);
      throw odd(this.#client, problem, value);
    }
    items.forEach((item, at) => {
      const { status = null, message } = parsed.data.states[at] ?? {};
      item.answer = this.#ackFor(status, message ?? null);
    });
  }

  #ackFor(status: string | null, message: string | null): Ack {
    if (status === null || status === "SUCCESS") return { status: "accepted" };
    const { clock } = this.#client.retry;
    if (status === "QUEUED") return { status: "queued", startTime: clock.now() + this.#options.queueInterval };
    return { status: "refused", reason: message ?? `the API answered ${status}`, current: null };
  }

  /** A state that is refused because it is there already (its first answer was lost) is accepted. */
  async #refuse(refused: readonly { item: StateWork; reason: string }[]): Promise<void> {
    if (refused.length === 0) return;
    const held = await this.#held(refused.map(({ item }) => item));
    for (const { item, reason } of refused) {
      const current = held.get(item.runId)?.state ?? null;
      const stored = current !== null && isHeld(item.state, current);
      item.answer = stored ? { status: "accepted" } : { status: "refused", reason, current };
    }
  }

  async #held(items: readonly StateWork[]): Promise<Map<string, HeldState>> {
    const ask = askOnce(this.#client, this.#options);
    try {
      const taskRuns = items.flatMap(({ kind, runId }) => (kind === "task" ? [runId] : []));
      const held = await heldTaskStates(ask, [...new Set(taskRuns)]);
      if (taskRuns.length < items.length) {
        const flow = await heldFlowState(ask, this.#flowRunId);
        if (flow !== null) held.set(this.#flowRunId, flow);
      }
      return held;
    } catch (error) {
      // An API that does not tell what it holds, or not readably: the items are sent again, each by itself.
      if (error instanceof FlowRunnerError && untold.has(error.code)) return new Map();
      throw error;
    }
  }
}

function takeCreation(item: CreationWork, value: unknown, error: GraphqlError | null, client: GraphqlClient): void {
  if (value == null) {
    if (error !== null || item.alone) {
      item.answer = { status: "refused", reason: error?.message ?? "the API gave no reason" };
    }
    item.alone = true;
    return;
  }
  const parsed = createdAnswer.safeParse(value);
  if (!parsed.success) throw odd(client, z.prettifyError(parsed.error), value);
  const { id, version, serialized_state } = parsed.data;
  try {
    const state = fromWire1x(serialized_state);
    item.answer = { status: "created", run: { id, version, state, mapIndex: item.mapIndex } };
  } catch (error) {
    // A state that is not readable concerns its own run only.
    if (!(error instanceof FlowRunnerError)) throw error;
    item.answer = { status: "refused", reason: error.message };
  }
}

const untold: ReadonlySet<string> = new Set(["API_REFUSED", "STATE_TYPE_UNKNOWN", "STATE_MALFORMED"]);

const errorOf = (answer: GraphqlAnswer, alias: string): GraphqlError | null =>
  answer.errors.find(({ path }) => path?.[0] === alias) ?? null;

const isTooMuchAtOnce = (error: unknown): error is FlowRunnerError<"API_REJECTED"> =>
  error instanceof FlowRunnerError &&
  error.code === "API_REJECTED" &&
  [400, 413, 422].includes((error.details as { status: number }).status);

const odd = (client: GraphqlClient, problem: string, value: unknown): TransientFailure =>
  new TransientFailure(client.malformed("a batch of states", problem, JSON.stringify(value)), {
    maybeStored: true,
    maxAttempts: 3,
  });
