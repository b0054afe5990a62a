import { FlowRunnerError } from "../../errors/index.ts";
import type { Api } from "../port/api.ts";
import type { ChildRun } from "../port/held-state.ts";
import { CloudTaskRun } from "./cloud-task-run.ts";
import type { StateQueue } from "./state-queue.ts";

export interface MappedTask {
  readonly slug: string;
  readonly taskId: string;
  /** How many children there will be; null: not known, so nothing is created ahead. */
  width: number | null;
  /** The API held the parent as Mapped when the run began: children may be there. */
  readonly resumed: boolean;
}

const blockLength = 200;

/**
 * Creates the task runs of one mapped task's children a block ahead of those that are asked for, so that a child finds
 * its task run ready and creations travel with states. It forgets a child once that was handed out: a map over 100,000
 * items has some hundreds of them in here at any time.
 */
export class ChildrenAhead {
  readonly #api: Api;
  readonly #queue: StateQueue;
  readonly #flowRunId: string;
  readonly #task: MappedTask;
  /** Children that were created or are being created, and that nobody has asked for yet. */
  readonly #ready = new Map<number, Promise<CloudTaskRun>>();
  #createdTo = 0;

  constructor(api: Api, queue: StateQueue, flowRunId: string, task: MappedTask) {
    this.#api = api;
    this.#queue = queue;
    this.#flowRunId = flowRunId;
    this.#task = task;
  }

  get(mapIndex: number): Promise<CloudTaskRun> {
    if (mapIndex >= this.#createdTo - blockLength / 2) this.#createUpTo(mapIndex);
    const child = this.#ready.get(mapIndex) ?? this.#block(mapIndex, 1)[0];
    if (child === undefined) throw new RangeError(`No child ${mapIndex} of ${this.#task.slug}`);
    this.#ready.delete(mapIndex);
    return child;
  }

  set width(width: number | null) {
    this.#task.width = width;
  }

  #createUpTo(mapIndex: number): void {
    const { width } = this.#task;
    if (width === null) return;
    const first = this.#createdTo;
    const end = Math.min(width, Math.max(mapIndex + 1, first + blockLength));
    if (end <= first) return;
    this.#createdTo = end;
    this.#block(first, end - first).forEach((child, at) => {
      // Nobody may ever ask for it: then its failure is nobody's failure.
      child.catch(() => undefined);
      this.#ready.set(first + at, child);
    });
  }

  #block(first: number, count: number): Promise<CloudTaskRun>[] {
    const indexes = Array.from({ length: count }, (_, at) => first + at);
    if (!this.#task.resumed) return indexes.map((mapIndex) => this.#create(mapIndex));
    const { taskId } = this.#task;
    const existing = this.#api
      .taskRunChildren({ flowRunId: this.#flowRunId, taskId, first, count })
      .then((children) => new Map(children.map((child) => [child.mapIndex, child])));
    return indexes.map(async (mapIndex) => {
      const child = (await existing).get(mapIndex);
      return child === undefined ? this.#create(mapIndex) : this.#entry(child);
    });
  }

  async #create(mapIndex: number): Promise<CloudTaskRun> {
    const { slug, taskId } = this.#task;
    const answer = await this.#queue.create({ taskId, mapIndex });
    if (answer.status === "created") return this.#entry(answer.run);
    throw new FlowRunnerError("TASK_RUN_NOT_CREATED", { slug, mapIndex, reason: answer.reason });
  }

  #entry(child: ChildRun): CloudTaskRun {
    return new CloudTaskRun(this.#task.slug, child.mapIndex, child);
  }
}
