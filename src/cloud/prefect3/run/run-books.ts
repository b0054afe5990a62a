import type { CallOptions } from "../../port/call.ts";
import type { HeldState } from "../../port/held-state.ts";
import type { RestClient } from "../client/rest-client.ts";
import { taskRunsById } from "../task-runs/recorded-task-runs.ts";
import type { RunBook } from "../task-runs/run-book.ts";
import { type OpenedFlowRun, openFlowRun } from "./flow-run-info.ts";

/** The flow runs that this client was asked for, each with its task runs. */
export class RunBooks {
  readonly #client: RestClient;
  readonly #books = new Map<string, RunBook>();

  constructor(client: RestClient) {
    this.#client = client;
  }

  get all(): readonly RunBook[] {
    return [...this.#books.values()];
  }

  /** Asks the API for a flow run, whose book is this one from here on. */
  async open(flowRunId: string, options?: CallOptions): Promise<OpenedFlowRun> {
    const opened = await openFlowRun(this.#client, flowRunId, options);
    this.#books.set(flowRunId, opened.book);
    return opened;
  }

  /** A process that only delivers what another one has left has asked for no run before. */
  async of(flowRunId: string, options?: CallOptions): Promise<RunBook> {
    return this.find(flowRunId) ?? (await this.open(flowRunId, options)).book;
  }

  find(flowRunId: string): RunBook | undefined {
    return this.#books.get(flowRunId);
  }

  /** @throws TypeError it was never asked for */
  get(flowRunId: string): RunBook {
    const book = this.find(flowRunId);
    if (book === undefined) throw new TypeError(`Flow run ${flowRunId} was never asked for`);
    return book;
  }

  /** The one that knows of a task run. */
  withTaskRun(id: string): RunBook | undefined {
    return this.all.find((book) => book.byId(id) !== undefined);
  }

  /** The states of task runs; the API is asked for those that no book knows. */
  async taskRunStates(ids: readonly string[], options?: CallOptions): Promise<ReadonlyMap<string, HeldState>> {
    const unknown = ids.filter((id) => this.withTaskRun(id) === undefined);
    const rows = await taskRunsById(this.#client, unknown, options);
    for (const book of this.all) book.remember(rows);
    return new Map(
      ids.flatMap((id): [string, HeldState][] => {
        const run = this.withTaskRun(id)?.byId(id);
        return run === undefined ? [] : [[id, { state: run.state, version: 0 }]];
      }),
    );
  }
}
