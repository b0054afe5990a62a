import { FlowRunnerError } from "../../../errors/index.ts";
import type { CallOptions } from "../../port/call.ts";
import type { RestClient } from "../client/rest-client.ts";
import { rowsAtOnce } from "../client/rows-at-once.ts";
import { lastEventOf } from "../task-runs/move-task-run.ts";
import { taskRunsById } from "../task-runs/recorded-task-runs.ts";
import type { RunBook } from "../task-runs/run-book.ts";
import type { TrackedTaskRun } from "../task-runs/tracked-task-run.ts";
import { sendEvents } from "./send-events.ts";

/** A load balancer that loses every third request must not keep a run here. */
const mostRounds = 5;

/**
 * Tells an API again what it has lost. A server of Prefect 3 answers events once they are in its memory and records them
 * later, after a second or behind thousands of others; those that it had not recorded when its process ended are gone,
 * although it has taken them. So when it is there again, the last event of each task run is looked for, and sent again
 * where it is missing. That is the same event, which a server that has it by now passes over, and a whole picture: of
 * what was lost before it, only the task run's history is poorer.
 */
export class LostEvents {
  readonly #client: RestClient;
  readonly #warn: (message: string) => void;
  /** How often the API was there again, and after which of these times all was looked for. */
  #returns = 0;
  #settled = 0;

  constructor(client: RestClient, warn: (message: string) => void) {
    this.#client = client;
    this.#warn = warn;
    client.retry.outage.onReturn(() => this.suspect());
  }

  /** The API may have been started again. */
  suspect(): void {
    this.#returns += 1;
  }

  /**
   * Costs no request where the API was always there.
   *
   * @throws FlowRunnerError `API_UNREACHABLE`: it is gone again, and what it has lost is still to be told
   */
  async tellAgain(books: Iterable<RunBook>, options?: CallOptions): Promise<void> {
    for (let round = 0; this.#settled < this.#returns && round < mostRounds; round++) {
      const returns = this.#returns;
      let told = 0;
      try {
        for (const book of books) told += await this.#tellOf(book, options);
      } catch (error) {
        if (!(error instanceof FlowRunnerError) || error.code === "API_UNREACHABLE") throw error;
        this.#warn(`What the API may have lost while it was out of reach could not be looked for: ${error.message}`);
      }
      this.#settled = Math.max(this.#settled, returns);
      if (told > 0) this.#warn(`The API had not recorded the states of ${told} task runs; they were told again.`);
    }
  }

  /** Resolves with the number of task runs that were told of again. */
  async #tellOf(book: RunBook, options?: CallOptions): Promise<number> {
    const unconfirmed = book.unconfirmed;
    let told = 0;
    for (let at = 0; at < unconfirmed.length; at += rowsAtOnce) {
      const missing = await this.#missingAmong(unconfirmed.slice(at, at + rowsAtOnce), options);
      await sendEvents(
        this.#client,
        missing.flatMap((run) => lastEventOf(book, run) ?? []),
        options,
      );
      told += missing.length;
    }
    return told;
  }

  async #missingAmong(runs: readonly TrackedTaskRun[], options?: CallOptions): Promise<readonly TrackedTaskRun[]> {
    const asked = runs.map((run) => ({ run, event: run.lastEvent }));
    const ids = runs.map(({ id }) => id);
    const recorded = new Map((await taskRunsById(this.#client, ids, options)).map(({ id, state }) => [id, state?.id]));
    for (const { run, event } of asked) if (recorded.get(run.id) === event) run.recordedEvent = event;
    // What has moved on meanwhile is told of by its new event.
    return asked.flatMap(({ run, event }) => (run.lastEvent === event && run.recordedEvent !== event ? [run] : []));
  }
}
