import { availableParallelism } from "node:os";
import pLimit from "p-limit";
import type { BodyOutcome, BodyRequest } from "../../engine/index.ts";
import type { MainHost } from "./main-host.ts";
import { HostEnded } from "./process/questions.ts";
import { pingGrace } from "./session/deadlines.ts";
import type { HostSession } from "./session/host-session.ts";
import { plainRef } from "./session/plain-request.ts";

export interface IsolatedOptions {
  readonly main: MainHost;
  /** A host that has not loaded anything. */
  start(): HostSession;
  /** Milliseconds that a host has to leave. */
  readonly grace: number;
}

const cancelled: BodyOutcome = { kind: "cancelled" };

/**
 * Bodies in hosts of their own, where their deadline and their memory touch nobody else. Values cross by the scratch
 * store: the main host keeps the inputs there, the isolated one the result.
 */
export class IsolatedHosts {
  readonly #options: IsolatedOptions;
  readonly #sessions = new Set<HostSession>();
  readonly #declared = new Set<string>();
  /** When a host has died under 32 tasks, 32 hosts at once would take the memory of all that goes on. */
  readonly #suspects = pLimit(availableParallelism());
  #cancelled = false;

  constructor(options: IsolatedOptions) {
    this.#options = options;
  }

  /** These tasks are isolated because their author says so: as many at once as there are. */
  declare(slugs: Iterable<string>): void {
    for (const slug of slugs) this.#declared.add(slug);
  }

  run(request: BodyRequest): Promise<BodyOutcome> {
    return this.#declared.has(request.slug) ? this.#run(request) : this.#suspects(() => this.#run(request));
  }

  /** Tells the bodies that run to stop, and starts no other. */
  cancel(reason: string, grace: number): void {
    this.#cancelled = true;
    for (const session of this.#sessions) void session.cancel(reason, grace);
  }

  async end(grace: number): Promise<void> {
    await Promise.all([...this.#sessions].map((session) => session.end(grace)));
  }

  async #run(request: BodyRequest): Promise<BodyOutcome> {
    if (this.#cancelled) return cancelled;
    const main = await this.#options.main.current();
    const refusal = await keepInputs(main, request);
    if (refusal !== null) return refusal;
    // An earlier attempt's value must not stand in the main host for the one that is made now.
    if (!request.hasLoopResult) main.process.tell({ type: "release", ranges: [[request.into, 1]] });
    const session = await this.#options.main.ready(() => this.#begin());
    const outcome = this.#cancelled ? cancelled : await session.run(request);
    // One whose time is over is not waited for: its code may hold the thread by now.
    const isOver = outcome.kind === "timedOut" || outcome.kind === "cancelled";
    await session.end(isOver ? pingGrace : this.#options.grace);
    return outcome;
  }

  #begin(): HostSession {
    const session = this.#options.start();
    this.#sessions.add(session);
    void session.process.ended.then(() => this.#sessions.delete(session));
    return session;
  }
}

/** Null when all inputs are where the other host finds them. */
async function keepInputs(main: HostSession, request: BodyRequest): Promise<BodyOutcome | null> {
  const inputs = Object.values(request.inputs).map(plainRef);
  const refs = request.hasLoopResult ? [...inputs, { handle: request.into }] : inputs;
  try {
    const answer = await main.process.ask({ type: "keep", refs, made: request.hasLoopResult ? request.into : null });
    if (answer.missing.length > 0) return { kind: "missing", handles: answer.missing };
    if (answer.error === null) return null;
    return {
      kind: "unwritten",
      message: `An input of isolated task "${request.slug}" cannot be copied to its host: ${answer.error}. Hand it plain data.`,
      retryable: false,
    };
  } catch (error) {
    if (!(error instanceof HostEnded)) throw error;
    return { kind: "lost", message: "The host that held the inputs ended.", suspect: false };
  }
}
