import type { Clock } from "../../../engine/index.ts";
import { FlowRunnerError } from "../../../errors/index.ts";
import type { CallOptions } from "../../port/call.ts";
import type { RestClient } from "../client/rest-client.ts";
import type { Event3 } from "./event.ts";
import { type RefusedEvent, sendEvents } from "./send-events.ts";

/** Milliseconds after which the start of a task run is told though nothing else is. */
const patience = 250;
/** Events in a second from which a server over SQLite falls behind: it records some 85. */
const busy = 80;

/** What waits: the start of a task run, or a state that another one follows, unless the process is stopped before. */
export type Held = "start" | "passing";

/**
 * Events on their way. The start of a task run waits for whatever is sent next, or for a quarter of a second; under load
 * that of one which has ended meanwhile is left out, since the event of its end is a whole picture.
 */
export class EventOutbox {
  readonly #client: RestClient;
  readonly #clock: Clock;
  readonly #held: Readonly<Record<Held, Map<string, Event3>>> = { start: new Map(), passing: new Map() };
  #sent: { readonly time: number; readonly count: number }[] = [];
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<unknown> = Promise.resolve();

  constructor(client: RestClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /** @param taskRunId - whose it is: one of this kind that was held before is replaced */
  hold(kind: Held, taskRunId: string, event: Event3): void {
    this.#held[kind].set(taskRunId, event);
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#flushing = this.send(new Map()).catch((error: unknown) => {
        // What comes next tells of the outage, and says more than a start.
        if (!(error instanceof FlowRunnerError)) throw error;
      });
    }, patience);
    this.#timer.unref();
  }

  /**
   * Sends events, each under the id of its task run, together with the starts that wait.
   *
   * @throws FlowRunnerError those of `RestClient`
   */
  async send(events: ReadonlyMap<string, readonly Event3[]>, options?: CallOptions): Promise<readonly RefusedEvent[]> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const { start, passing } = this.#held;
    const isBusy = this.#lastSecond + events.size + start.size > busy;
    const starts = [...start].flatMap(([id, event]) => (isBusy && events.has(id) ? [] : [event]));
    start.clear();
    for (const id of events.keys()) passing.delete(id);
    const all = [...starts, ...[...events.values()].flat()];
    this.#sent.push({ time: this.#clock.now(), count: all.length });
    return sendEvents(this.#client, all, options);
  }

  /** Sends all that waits: nothing follows any more. */
  async flush(options?: CallOptions): Promise<void> {
    await this.#flushing;
    const { start, passing } = this.#held;
    const left = new Map([...passing].map(([id, event]) => [id, [event]]));
    if (start.size + left.size > 0) await this.send(left, options);
  }

  /** Nothing is sent by itself any more. */
  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  get #lastSecond(): number {
    const since = this.#clock.now() - 1_000;
    this.#sent = this.#sent.filter(({ time }) => time > since);
    return this.#sent.reduce((sum, { count }) => sum + count, 0);
  }
}
