import { FlowRunnerError } from "../../errors/index.ts";
import type { RunDetails } from "../run-details.ts";
import { describeEnd } from "./end/host-end.ts";
import { type AnswerTo, type Ask, HostEnded } from "./process/questions.ts";
import type { SpawnedHost } from "./process/spawn-host.ts";
import type { Described } from "./session/description.ts";
import type { HostSession, LoadRequest } from "./session/host-session.ts";

/** How often in a row a host may end, while it boots or under a question that is no body, before the run is given up. */
const mostRestarts = 3;

/** The host that holds the run's values. One that ends is replaced by a fresh one when the next thing is asked of it. */
export class MainHost {
  readonly #start: (spawned?: SpawnedHost) => HostSession;
  #session: HostSession;
  #alive = true;
  #lastEnd = "";
  #request: LoadRequest | null = null;
  #details: RunDetails | null = null;
  #opening: Promise<HostSession> | null = null;
  #isClosed = false;

  /**
   * @param start - starts a host that has not loaded anything
   * @param first - a host that boots already
   */
  constructor(start: (spawned?: SpawnedHost) => HostSession, first: SpawnedHost | undefined) {
    this.#start = start;
    this.#session = this.#begin(first);
  }

  /** @throws FlowRunnerError with the code of what is wrong with the file */
  load(request: LoadRequest): Promise<Described> {
    this.#request = request;
    return this.#session.load(request);
  }

  detail(details: RunDetails): void {
    this.#details = details;
    this.#session.detail(details);
  }

  /** Null while there is none. For what only concerns the values it holds: a fresh one has none of them. */
  get alive(): HostSession | null {
    return this.#alive ? this.#session : null;
  }

  /** A host that has loaded the flow. */
  async current(): Promise<HostSession> {
    // A fresh host is nobody's to use before it has loaded the flow.
    if (this.#opening === null && this.#alive) return this.#session;
    this.#opening ??= this.#replace().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  /**
   * Starts a host and makes it ready to run bodies. One that is ended while it boots (by the kernel, which is short of
   * memory) must not end the run with it: another one is started.
   *
   * @param start - starts a host that has not loaded anything
   * @throws FlowRunnerError `HOST_NOT_STARTED` when several in a row have ended
   */
  async ready(start: () => HostSession): Promise<HostSession> {
    for (let restarts = 0; ; restarts += 1) {
      const session = start();
      try {
        return await this.#prepare(session);
      } catch (error) {
        const hasEnded = error instanceof FlowRunnerError && error.code === "HOST_NOT_STARTED";
        if (!hasEnded || this.#isClosed || restarts === mostRestarts) throw error;
      }
    }
  }

  /** Ends the host; none is started in the place of one that ends. */
  async end(grace: number): Promise<void> {
    this.#isClosed = true;
    await this.alive?.end(grace);
  }

  /**
   * For what is no body: asked again of a fresh host, since nothing of the flow's own was under way.
   *
   * @throws FlowRunnerError `HOST_BROKEN`
   */
  async ask<Asked extends Ask>(question: Asked): Promise<AnswerTo<Asked>> {
    for (let restarts = 0; ; restarts += 1) {
      const session = await this.current();
      try {
        return await session.process.ask(question);
      } catch (error) {
        if (!(error instanceof HostEnded)) throw error;
        if (restarts === mostRestarts) throw new FlowRunnerError("HOST_BROKEN", { reason: describeEnd(error.end) });
      }
    }
  }

  #begin(spawned?: SpawnedHost): HostSession {
    const session = this.#start(spawned);
    this.#alive = true;
    void session.process.ended.then((end) => {
      if (this.#session !== session) return;
      this.#alive = false;
      this.#lastEnd = describeEnd(end);
    });
    return session;
  }

  #replace(): Promise<HostSession> {
    return this.ready(() => {
      this.#session = this.#begin();
      return this.#session;
    });
  }

  async #prepare(session: HostSession): Promise<HostSession> {
    if (this.#request === null) throw new FlowRunnerError("HOST_NOT_STARTED", { reason: this.#lastEnd });
    await session.load(this.#request);
    if (this.#details !== null) session.detail(this.#details);
    return session;
  }
}
