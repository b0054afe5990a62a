import type { LogRecord } from "../../../engine/index.ts";
import { fullName } from "../../../graph/full-name.ts";
import type { FlowGraph } from "../../../graph/index.ts";
import type { BodyUse } from "../../../host/index.ts";
import { describeUse, describeUses, type Used } from "./describe-use.ts";

/**
 * Tells in the run's log what its tasks have used: each attempt at DEBUG, and at INFO one that failed, all of them at the end. What a host that was
 * killed had used nobody tells: its end does, with the peak where it was for memory.
 */
export class UsageLog {
  readonly #log: (record: LogRecord) => void;
  readonly #least: "DEBUG" | "INFO";
  readonly #hosts = new Map<number, Used>();
  readonly #names = new Map<string, string>();

  /**
   * @param log - told each attempt
   * @param least - DEBUG: of every attempt; INFO: of those that failed
   */
  constructor(log: (record: LogRecord) => void, least: "DEBUG" | "INFO") {
    this.#log = log;
    this.#least = least;
  }

  /** The names of the tasks, which the log has in the place of slugs. */
  plan(graph: FlowGraph): void {
    for (const { slug, name } of graph.tasks) this.#names.set(slug, name);
  }

  used({ request, usage, host, outcome }: BodyUse): void {
    const { isolated, slug, mapIndex, taskRunId } = request;
    const peak = Math.max(usage.peak, this.#hosts.get(host)?.peak ?? 0);
    // Of a process that runs a single body, what it took to start is not the task's.
    this.#hosts.set(host, { isolated, peak, cpu: isolated ? usage.cpu : usage.total });
    const level = failures.has(outcome) ? "INFO" : "DEBUG";
    if (level === "DEBUG" && this.#least !== "DEBUG") return;
    const name = this.#names.get(slug) ?? slug;
    const label = fullName(name, mapIndex);
    this.#log({
      time: Date.now(),
      level,
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

const failures: ReadonlySet<BodyUse["outcome"]> = new Set(["error", "fail", "triggerFail", "unwritten", "timedOut"]);
