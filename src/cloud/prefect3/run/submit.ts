import type { Ack, Clock } from "../../../engine/index.ts";
import { FlowRunnerError } from "../../../errors/index.ts";
import { messageOf } from "../../../errors/message-of.ts";
import { cancelled, isRunning } from "../../../state/index.ts";
import type { Batch, BatchAnswers, CreationAnswer, TaskStateItem } from "../../port/batch.ts";
import type { CallOptions } from "../../port/call.ts";
import { keepKeyedResults, keyedResults } from "../cache/keep-keyed-results.ts";
import type { RestClient } from "../client/rest-client.ts";
import type { Event3 } from "../events/event.ts";
import type { EventOutbox, Held } from "../events/event-outbox.ts";
import type { LostEvents } from "../events/lost-events.ts";
import type { BodySlots } from "../limits/body-slots.ts";
import type { DeploymentLease } from "../limits/deployment-lease.ts";
import type { HeldSlots } from "../limits/held-slots.ts";
import type { TaskSlots } from "../limits/task-slots.ts";
import { moveTaskRun } from "../task-runs/move-task-run.ts";
import type { RunBook } from "../task-runs/run-book.ts";
import type { TrackedTaskRun } from "../task-runs/tracked-task-run.ts";
import { cancelledAsThere, handedBack, openToWorkers } from "./hand-back.ts";
import type { OwnStates } from "./own-states.ts";
import type { RetryPolicy } from "./retry-policy.ts";
import { setFlowState } from "./set-flow-state.ts";

export interface SubmitTo {
  readonly client: RestClient;
  readonly clock: Clock;
  readonly outbox: EventOutbox;
  readonly lost: LostEvents;
  readonly book: RunBook;
  readonly own: OwnStates;
  readonly retryPolicy: RetryPolicy;
  readonly held: HeldSlots;
  readonly slots: TaskSlots;
  readonly bodySlots: BodySlots;
  readonly lease: DeploymentLease;
  readonly warn: (message: string) => void;
}

/**
 * Sends a batch; see `Api.submit`. In Prefect 3 task runs are made by their first event, and it is the client that says
 * what states they are in: the start of one is in force at once and is told with what follows, all else when the API
 * has taken the event.
 */
export async function submitBatch(to: SubmitTo, batch: Batch, options: CallOptions): Promise<BatchAnswers> {
  const creations = batch.creations.map(({ taskId, mapIndex }): CreationAnswer => {
    const { id, state } = to.book.taskRun(taskId, mapIndex);
    return { status: "created", run: { id, version: 0, state, mapIndex } };
  });
  const taskStates = await setTaskStates(to, batch.taskStates, options);
  const flowStates: Ack[] = [];
  for (const { state } of batch.flowStates) flowStates.push(await setState(to, state, options));
  return { creations, taskStates, flowStates };
}

type FlowState = Batch["flowStates"][number]["state"];

async function setState(to: SubmitTo, state: FlowState, options: CallOptions): Promise<Ack> {
  const { client, clock, outbox, lost, book, own, held: heldSlots, bodySlots, lease } = to;
  try {
    if (state.type === "Cancelled") await cancelTaskRuns(to, options);
    if (state.type !== "Running") {
      bodySlots.releaseAll();
      await heldSlots.releaseAll();
    }
    await outbox.flush(options);
    await lost.tellAgain([book], options);
    const { flowRunId } = book.names;
    if (state.type === "Running") await to.retryPolicy.tell(client, flowRunId, options);
    if (state.type === "Scheduled") await openToWorkers(client, flowRunId, options);
    const transitionId = crypto.randomUUID();
    own.proposed(transitionId, state);
    const { ack, held } = await setFlowState(client, flowRunId, cancelledAsThere(handedBack(state)), transitionId, {
      ...options,
      clock,
    });
    own.entered(held);
    if (held?.type === "RUNNING") lease.keep(held.state_details?.deployment_concurrency_lease_id ?? null);
    else if (held !== null) lease.stop();
    // It may have been out of reach just now.
    await lost.tellAgain([book], options);
    return ack;
  } catch (error) {
    return undelivered(error, options);
  }
}

/** The server does it too, within twenty seconds. */
async function cancelTaskRuns(to: SubmitTo, options: CallOptions): Promise<void> {
  const state = cancelled("The parent flow run was cancelled.");
  const items = to.book.open.map(({ id }) => ({ taskRunId: id, state, version: null }));
  await setTaskStates(to, items, options);
}

async function setTaskStates(to: SubmitTo, items: readonly TaskStateItem[], options: CallOptions): Promise<Ack[]> {
  const keyed = keyedResults(to.book, items);
  const acks = await tellTaskStates(to, items, options);
  await keepKeyedResults(to, keyed, options);
  for (const { taskRunId, state } of items) {
    if (isRunning(state)) continue;
    to.slots.release(taskRunId);
    to.bodySlots.release(taskRunId);
  }
  return acks;
}

async function tellTaskStates(to: SubmitTo, items: readonly TaskStateItem[], options: CallOptions): Promise<Ack[]> {
  const { book, outbox, clock } = to;
  const events = new Map<string, Event3[]>();
  const undo = new Map<Event3, () => void>();
  const told = items.map(({ taskRunId, state }) => {
    const run = book.byId(taskRunId);
    if (run === undefined) return refusal("the API knows no such task run");
    const before = { ...run };
    const event = moveTaskRun(book, run, state, clock.now());
    if (event === null) return accepted;
    const kind = heldAs(book, run, state);
    if (kind !== null) {
      outbox.hold(kind, taskRunId, event);
      return accepted;
    }
    undo.set(event, () => Object.assign(run, before, { lastTime: run.lastTime }));
    events.set(taskRunId, [...(events.get(taskRunId) ?? []), event]);
    return event;
  });
  if (events.size === 0) return told.map((each) => ("status" in each ? each : accepted));
  try {
    const refused = new Map((await outbox.send(events, options)).map(({ event, reason }) => [event.id, reason]));
    for (const [event, takeBack] of undo) if (refused.has(event.id)) takeBack();
    return told.map((each) => {
      if ("status" in each) return each;
      const reason = refused.get(each.id);
      return reason === undefined ? accepted : refusal(reason);
    });
  } catch (error) {
    const failure = undelivered(error, options);
    for (const takeBack of undo.values()) takeBack();
    return told.map((each) => ("status" in each ? each : failure));
  }
}

/** Null: it is to be sent now. */
function heldAs(book: RunBook, { taskKey }: TrackedTaskRun, { type, context, result }: FlowState): Held | null {
  if (type === "Running") return "start";
  // The engine says next what of it is kept for later runs, which Prefect 3 tells in one.
  if (type === "Success" && result !== null && book.tasks.keepsResults(taskKey)) return "passing";
  // Prefect 3: an attempt that another one follows has not failed; its task run awaits its retry.
  return context.retry_follows === true ? "passing" : null;
}

const accepted: Ack = { status: "accepted" };
const refusal = (reason: string): Ack => ({ status: "refused", reason, current: null });

function undelivered(error: unknown, { signal }: CallOptions): Ack {
  if (!(error instanceof FlowRunnerError) && signal?.aborted !== true) throw error;
  return { status: "undelivered", reason: messageOf(error) };
}
