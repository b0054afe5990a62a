import type { ServerResponse } from "node:http";
import { messageOf } from "../../../errors/message-of.ts";
import type { Database } from "../../database/database.ts";
import { type EventStream, eventStream } from "./event-stream.ts";

/** Milliseconds. What happens within them is told at once. */
const gathering = 100;
/** How often a change by another process is looked for, which nothing tells of. */
const foreignLook = 1_000;

/** Tells a page what has changed since it was last asked. */
export type Look = () => void;

/** Has those who follow the database look at it after each change, and costs nothing while nobody does. */
export class Watch {
  readonly #database: Database;
  readonly #followers = new Map<EventStream, Look>();
  #gathered: NodeJS.Timeout | null = null;
  #stop: (() => void) | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @param follow - what is told on this stream; it looks once at the beginning */
  follow(response: ServerResponse, follow: (stream: EventStream) => Look): void {
    const stream = eventStream(response);
    const look = follow(stream);
    this.#followers.set(stream, look);
    this.#stop ??= this.#start();
    response.once("close", () => this.#leave(stream));
    this.#lookAt(stream, look);
  }

  /** Ends all streams. */
  close(): void {
    for (const stream of [...this.#followers.keys()]) {
      this.#leave(stream);
      stream.end();
    }
  }

  #start(): () => void {
    const ended = this.#database.onCommit(() => this.#gather());
    let version = this.#database.foreignVersion();
    const timer = setInterval(() => {
      const now = this.#database.foreignVersion();
      // A stream that was behind is looked after here too.
      if (now !== version || [...this.#followers.keys()].some((stream) => stream.isBehind())) this.#gather();
      version = now;
    }, foreignLook).unref();
    return () => {
      ended();
      clearInterval(timer);
    };
  }

  #gather(): void {
    this.#gathered ??= setTimeout(() => {
      this.#gathered = null;
      for (const [stream, look] of this.#followers) this.#lookAt(stream, look);
    }, gathering).unref();
  }

  #lookAt(stream: EventStream, look: Look): void {
    if (stream.isBehind()) return;
    try {
      look();
    } catch (error) {
      process.emitWarning(`The API could not tell its page what has changed: ${messageOf(error)}`);
      // The page comes back by itself, and is told anew.
      stream.end();
    }
  }

  #leave(stream: EventStream): void {
    this.#followers.delete(stream);
    if (this.#followers.size > 0) return;
    this.#stop?.();
    this.#stop = null;
    if (this.#gathered !== null) clearTimeout(this.#gathered);
    this.#gathered = null;
  }
}
