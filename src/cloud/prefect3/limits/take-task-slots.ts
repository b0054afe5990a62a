import type { Ack, Clock } from "../../../engine/index.ts";
import { FlowRunnerError } from "../../../errors/index.ts";
import { failed, pending } from "../../../state/index.ts";
import type { CallOptions } from "../../port/call.ts";
import type { EventOutbox } from "../events/event-outbox.ts";
import { moveTaskRun } from "../task-runs/move-task-run.ts";
import type { RunBook } from "../task-runs/run-book.ts";
import type { TaskSlots } from "./task-slots.ts";

export interface TakeTaskSlots {
  readonly slots: TaskSlots;
  readonly outbox: EventOutbox;
  readonly book: RunBook;
  readonly clock: Clock;
}

/**
 * Takes the slots of a task run that is about to run; see `Prefect3Api.takeSlots`. One that has to wait is seen as Pending;
 * one that could wait for ever (a limit of 0) is Failed with the server's reason.
 */
export async function takeTaskSlots(
  { slots, outbox, book, clock }: TakeTaskSlots,
  taskRunId: string,
  options?: CallOptions,
): Promise<Ack | null> {
  const run = book.byId(taskRunId);
  if (run === undefined || !book.tasks.isTold(run.taskKey)) return null;
  try {
    const waits = await slots.take(taskRunId, run.tags, options);
    if (waits !== null && run.state.message !== waiting) {
      const event = moveTaskRun(book, run, pending(waiting, { context: run.state.context }), clock.now());
      if (event !== null) outbox.hold("start", taskRunId, event);
    }
    return waits;
  } catch (error) {
    if (options?.signal?.aborted === true) return { status: "undelivered", reason: "its process ends" };
    if (!(error instanceof FlowRunnerError)) throw error;
    if (error.code !== "API_REJECTED") return { status: "undelivered", reason: error.message };
    const state = failed(`No concurrency slot for the tags ${run.tags.join(", ")}: ${error.message}`);
    const event = moveTaskRun(book, run, state, clock.now());
    if (event !== null) await outbox.send(new Map([[taskRunId, [event]]]), options);
    return { status: "refused", reason: error.message, current: state };
  }
}

const waiting = "Waiting for a concurrency slot of its tags.";
