import { join } from "node:path";
import type { Clock, LogLevel, LogRecord } from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { messageOf } from "../../errors/message-of.ts";
import { logLine } from "../kept/kept-line.ts";
import type { Api } from "../port/api.ts";
import { LogQueue } from "./log-queue.ts";
import { batchBytes, cutToFit } from "./log-size.ts";
import { writeLogs } from "./write-logs.ts";

export interface LogShipperOptions {
  readonly api: Api;
  readonly flowRunId: string;
  readonly folder: string;
  readonly clock: Clock;
  /** Milliseconds. */
  readonly interval: number;
  readonly level: LogLevel;
  readonly warn: (message: string) => void;
  /** Aborted when there is no more time to deliver anything. */
  readonly signal: AbortSignal;
}

const order: readonly LogLevel[] = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];
const attemptsAtClose = 3;
/** Milliseconds between two attempts, at most, while the API is away: a batch may have 3 MB. */
const longestPause = 60_000;

/** Ships the run's log in batches, every few seconds and at the end. Nothing ever waits for it but its own `close`. */
export class LogShipper {
  readonly #options: LogShipperOptions;
  readonly #queue: LogQueue;
  readonly #file: string;
  readonly #stopped = new AbortController();
  #shipping: Promise<void> | null = null;
  #warned = false;
  /** Shipments that failed since the last one that did not. */
  #failures = 0;

  constructor(options: LogShipperOptions) {
    this.#options = options;
    this.#file = join(options.folder, `${options.flowRunId}.logs.jsonl`);
    this.#queue = new LogQueue(join(options.folder, `${options.flowRunId}.${process.pid}.logs.spool`));
  }

  add(record: LogRecord): void {
    if (order.indexOf(record.level) < order.indexOf(this.#options.level)) return;
    this.#queue.add(cutToFit(record));
    if (this.#queue.bytes > batchBytes && !this.#warned) void this.#ship(1);
  }

  start(): void {
    void this.#shipEvery();
  }

  /** How many records are left, and the file they are kept in. */
  async close(): Promise<{ count: number; file: string | null }> {
    this.#stopped.abort();
    await this.#shipping;
    if (!this.#queue.isEmpty && !this.#options.signal.aborted) await this.#ship(attemptsAtClose);
    const { count, problem } = this.#queue.keep(this.#file, (record) => logLine(this.#options.flowRunId, record));
    if (problem !== null)
      this.#options.warn(`${count} log records are lost, ${this.#file} could not be written: ${problem}`);
    return { count, file: count > 0 && problem === null ? this.#file : null };
  }

  async #shipEvery(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#stopped.signal.aborted) {
      await clock.until(clock.now() + this.#pause, this.#stopped.signal);
      if (!this.#stopped.signal.aborted) await this.#ship(1);
    }
  }

  /** Milliseconds to the next shipment: the interval, or more and more of it, spread, while they fail. */
  get #pause(): number {
    const { interval } = this.#options;
    if (this.#failures < 2) return interval;
    const longest = Math.max(interval, longestPause);
    return Math.min(longest, interval * 2 ** (this.#failures - 1)) * (0.5 + Math.random() / 2);
  }

  /** Only one shipment is under way at a time, so that lines stay in order. */
  #ship(tries: number): Promise<void> {
    this.#shipping ??= this.#shipAll(tries).finally(() => {
      this.#shipping = null;
    });
    return this.#shipping;
  }

  async #shipAll(tries: number): Promise<void> {
    const { api, flowRunId, signal } = this.#options;
    while (!this.#queue.isEmpty || this.#tellDropped()) {
      const batch = this.#queue.peek(batchBytes);
      try {
        await writeLogs(api, flowRunId, batch, { tries, signal });
        this.#warned = false;
        this.#failures = 0;
      } catch (error) {
        if (!(error instanceof FlowRunnerError) && !signal.aborted) throw error;
        this.#failures += 1;
        this.#warnOnce(messageOf(error));
        return;
      }
      this.#queue.shift(batch.length);
    }
  }

  /** Once there is room again, the log itself says that it has a hole; false: it has none. */
  #tellDropped(): boolean {
    const dropped = this.#queue.takeDropped();
    if (dropped === 0) return false;
    const { clock, warn } = this.#options;
    const message = `${dropped} log records were lost here: the API was out of reach for too long.`;
    warn(message);
    this.#queue.add({ time: clock.now(), level: "WARNING", name: "prefect.flow-runner", message, taskRunId: null });
    return true;
  }

  #warnOnce(reason: string): void {
    if (!this.#warned) this.#options.warn(`Logs could not be sent and are kept: ${reason}`);
    this.#warned = true;
  }
}
