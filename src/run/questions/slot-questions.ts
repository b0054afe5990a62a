import type { Prefect3Api } from "../../cloud/index.ts";
import type { LogRecord } from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import type { WantedSlots } from "../../flow/index.ts";

export interface SlotQuestionsOptions {
  /** Left out: the run's API is another one, or it has none. */
  readonly prefect3: Pick<Prefect3Api, "takeBodySlots" | "giveBackBodySlots"> | undefined;
  readonly hasApi: boolean;
  log(record: LogRecord): void;
}

const lackingSentence = {
  limit: "no limit of that name exists",
  prefect3: "the run's API is one of Prefect 0.7 or 1.x, which has no such limits",
  api: "the run has no API",
} as const;

/** Slots of global limits that bodies ask for. Where there is no limit they go on, and the log says so once. */
export class SlotQuestions {
  readonly #options: SlotQuestionsOptions;
  readonly #told = new Set<string>();

  constructor(options: SlotQuestionsOptions) {
    this.#options = options;
  }

  /** @throws FlowRunnerError those of `Prefect3Api.takeBodySlots`; `CONCURRENCY_LIMIT_MISSING` */
  async take(wanted: WantedSlots, taskRunId: string | null): Promise<void> {
    const { prefect3, hasApi } = this.#options;
    const { names, strict } = wanted;
    // A body that has no task run is none of a run with an API.
    if (prefect3 !== undefined && taskRunId !== null && (await prefect3.takeBodySlots(wanted, taskRunId))) return;
    const lacking = prefect3 !== undefined ? "limit" : hasApi ? "prefect3" : "api";
    if (strict) throw new FlowRunnerError("CONCURRENCY_LIMIT_MISSING", { names, lacking });
    this.#tell(names, lackingSentence[lacking], taskRunId);
  }

  async giveBack(id: string): Promise<void> {
    await this.#options.prefect3?.giveBackBodySlots(id);
  }

  #tell(names: readonly string[], why: string, taskRunId: string | null): void {
    const listed = `"${names.join('", "')}"`;
    if (this.#told.has(listed)) return;
    this.#told.add(listed);
    const message = `Nothing limits what holds to ${listed}: ${why}.`;
    this.#options.log({ time: Date.now(), level: "WARNING", name: "prefect.concurrency", message, taskRunId });
  }
}
