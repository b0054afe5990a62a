import type { LogRecord } from "../../../engine/index.ts";
import type { FlowGraph } from "../../../graph/index.ts";
import type { BodyUse } from "../../../host/index.ts";
import { describeUse, describeUses, type Used } from "./describe-use.ts";

/**
 * Tells in the run's log what its tasks have used: each attempt at DEBUG, all of them at the end. What a host that was
 * killed had used nobody tells: its end does, with the peak where it was for memory.
 */
export class UsageLog {
  readonly #log: ((record: LogRecord) => void) | null;
  readonly #hosts = new Map<number, Used>();
  readonly #names = new Map<string, string>();

  /** @param log - told each attempt; null: nobody reads records at DEBUG */
  constructor(log: ((record: LogRecord) => void) | null) {
    this.#log = log;
  }

  /** The names of the tasks, which the log has in the place of slugs. */
  plan(graph: FlowGraph): void {
    for (const { slug, name } of graph.tasks) this.#names.set(slug, name);
  }

  used({ request, usage, host }: BodyUse): void {
    const { isolated, slug, mapIndex, taskRunId } = request;
    const peak = Math.max(usage.peak, this.#hosts.get(host)?.peak ?? 0);
    // Of a process that runs a single body, what it took to start is not the task's.
    this.#hosts.set(host, { isolated, peak, cpu: isolated ? usage.cpu : usage.total });
    if (this.#log === null) return;
    const name = this.#names.get(slug) ?? slug;
    const label = mapIndex === null ? name : `${name}[${mapIndex}]`;
    this.#log({
      time: Date.now(),
      level: "DEBUG",
      name: "prefect.CloudTaskRunner",
      message: `Task '${label}': ${describeUse(usage, isolated)}`,
      taskRunId,
    });
  }

  /** One line about the run; null: no task has run. */
  get summary(): string | null {
    return this.#hosts.size === 0 ? null : describeUses([...this.#hosts.values()]);
  }
}
