import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type {
  BodyOutcome,
  BodyRequest,
  CallOutcome,
  CallRequest,
  Handle,
  HandleRange,
  Host,
  Measure,
  Probe,
  ReadRequest,
  ValueRef,
} from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { reportError } from "../core/error-report.ts";
import { callDeadline } from "../core/run-call.ts";
import type { RunDetails } from "../run-details.ts";
import { callFrames } from "./call-frames.ts";
import { describeEnd } from "./host-end.ts";
import { type Answer, type Ask, HostEnded } from "./host-process.ts";
import { HostSession, type LoadRequest, plainBody, type SessionOptions } from "./host-session.ts";
import { IsolatedHosts } from "./isolated.ts";
import { type SpawnedHost, spawnHost } from "./spawn-host.ts";
import type { Described } from "./start-host.ts";
import { findThreadHolder, inspectorTime } from "./thread-holder.ts";

/** Milliseconds that a host has to heed a cancellation, and to leave at the end. */
const leaveGrace = 5_000;
/** How often in a row a host may end under a question that is no body before the run is given up. */
const mostRestarts = 3;

export interface ChildHostOptions extends SessionOptions {
  /** A host that boots already; left out: one is started. */
  readonly first?: SpawnedHost | undefined;
}

/**
 * The host as a child process. It starts at construction, so that it boots while the runner asks the API for the run;
 * `load` then names the file. A host that ends is replaced by a fresh one when the next thing is asked of it.
 */
export class ChildHost implements Host {
  readonly #options: SessionOptions;
  readonly #scratch = mkdtempSync(join(tmpdir(), "flow-runner-"));
  #session: HostSession;
  #alive = true;
  #request: LoadRequest | null = null;
  #details: RunDetails | null = null;
  #opening: Promise<HostSession> | null = null;
  #lastEnd = "";
  readonly #isolated = new IsolatedHosts({
    main: () => this.#current(),
    start: () => this.#spawn(),
    prepare: (session) => this.#prepare(session),
    grace: leaveGrace,
  });
  /** Nothing is started any more. */
  #cancelled = false;
  readonly #running = new Set<HostSession>();
  /** A runner that ends by a defect or `process.exit` would leave a host behind that spins for ever. */
  readonly #endAll = (): void => {
    for (const session of this.#running) session.process.kill(null);
    rmSync(this.#scratch, { recursive: true, force: true });
  };

  constructor(options: ChildHostOptions) {
    this.#options = options;
    process.once("exit", this.#endAll);
    this.#session = this.#start(options.first);
  }

  /**
   * Loads a flow's file.
   *
   * @throws FlowRunnerError with the code of what is wrong with the file
   */
  async load(request: Omit<LoadRequest, "scratch">): Promise<Described> {
    this.#request = { ...request, scratch: this.#scratch };
    const described = await this.#session.load(this.#request);
    this.#isolated.declare(described.graph.tasks.filter(({ isolated }) => isolated).map(({ slug }) => slug));
    return described;
  }

  detail(details: RunDetails): void {
    this.#details = details;
    this.#session.detail(details);
  }

  async run(request: BodyRequest): Promise<BodyOutcome> {
    if (request.isolated) return this.#isolated.run(request);
    const session = await this.#current();
    return this.#cancelled ? { kind: "cancelled" } : session.run(request);
  }

  async call(request: CallRequest): Promise<CallOutcome> {
    const unlimited = request.fn === "environment" && request.hook === "execute";
    const session = await this.#current();
    const doubt = unlimited ? null : setTimeout(() => void this.#doubt(session), callDeadline);
    try {
      const about = "slug" in request ? `${request.fn} of ${request.slug}` : request.fn;
      const { ahead, call } = callFrames(request);
      for (const frame of ahead) session.process.tell(frame);
      const answer = await session.process.ask(call, about);
      if (answer.type !== "called") throw new TypeError(`a "${answer.type}" frame answered "call"`);
      return answer.outcome;
    } catch (error) {
      // A state that does not fit into a frame is the end of this call, not of the run.
      if (error instanceof FlowRunnerError) return { kind: "error", error: reportError(error, false) };
      if (!(error instanceof HostEnded)) throw error;
      // User code that ends its host would end the next one too: it is not called again.
      return {
        kind: "error",
        error: {
          name: "HostEnded",
          message: `its host ended: ${describeEnd(error.end)}`,
          stack: null,
          retryable: false,
        },
      };
    } finally {
      if (doubt !== null) clearTimeout(doubt);
    }
  }

  async measure(ref: ValueRef): Promise<Measure> {
    const answer = await this.#ask({ type: "measure", ref: "list" in ref ? { list: [...ref.list] } : ref });
    if (answer.type !== "measured") throw new TypeError(`a "${answer.type}" frame answered "measure"`);
    return answer.measure;
  }

  async probe(request: BodyRequest): Promise<Probe> {
    const answer = await this.#ask({ type: "probe", request: plainBody(request) });
    if (answer.type !== "probed") throw new TypeError(`a "${answer.type}" frame answered "probe"`);
    return answer.probe;
  }

  async read(request: ReadRequest): Promise<string | null> {
    const answer = await this.#ask({
      type: "read",
      ...request,
      stored: { handler: { ...request.stored.handler }, location: request.stored.location },
    });
    if (answer.type !== "done") throw new TypeError(`a "${answer.type}" frame answered "read"`);
    return answer.error;
  }

  mark(handle: Handle, kind: "failed" | "skipped", message: string): void {
    if (this.#alive) this.#session.process.tell({ type: "mark", handle, kind, message });
  }

  release(ranges: readonly HandleRange[]): void {
    if (this.#alive) this.#session.process.tell({ type: "release", ranges: [...ranges] });
  }

  cancel(reason: string): void {
    this.#cancelled = true;
    this.#isolated.cancel(reason);
    if (this.#alive) void this.#session.cancel(reason, leaveGrace);
  }

  /** Ends the host and removes what it kept. */
  async close(): Promise<void> {
    await Promise.all([this.#alive && this.#session.end(leaveGrace), this.#isolated.end()]);
    process.off("exit", this.#endAll);
    rmSync(this.#scratch, { recursive: true, force: true });
  }

  /** For what is no body: asked again of a fresh host, since nothing of the flow's own was under way. */
  async #ask(question: Ask): Promise<Answer> {
    for (let restarts = 0; ; restarts += 1) {
      const session = await this.#current();
      try {
        return await session.process.ask(question);
      } catch (error) {
        if (!(error instanceof HostEnded) || restarts === mostRestarts) throw this.#broken(error);
      }
    }
  }

  #broken(error: unknown): unknown {
    return error instanceof HostEnded ? new FlowRunnerError("HOST_BROKEN", { reason: describeEnd(error.end) }) : error;
  }

  #spawn(spawned = spawnHost(this.#options.env)): HostSession {
    const session = new HostSession(this.#options, spawned);
    this.#running.add(session);
    void session.process.ended.then(() => this.#running.delete(session));
    return session;
  }

  #start(spawned?: SpawnedHost): HostSession {
    const session = this.#spawn(spawned);
    this.#alive = true;
    void session.process.ended.then((end) => {
      if (this.#session !== session) return;
      this.#alive = false;
      this.#lastEnd = describeEnd(end);
    });
    return session;
  }

  async #current(): Promise<HostSession> {
    // A fresh host is nobody's to use before it has loaded the flow.
    if (this.#opening === null && this.#alive) return this.#session;
    this.#opening ??= this.#replace().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #replace(): Promise<HostSession> {
    this.#session = this.#start();
    return this.#prepare(this.#session);
  }

  async #prepare(session: HostSession): Promise<HostSession> {
    if (this.#request === null) throw new FlowRunnerError("HOST_NOT_STARTED", { reason: this.#lastEnd });
    await session.load(this.#request);
    if (this.#details !== null) session.detail(this.#details);
    return session;
  }

  async #doubt(session: HostSession): Promise<void> {
    if (await session.process.isResponsive(leaveGrace)) return;
    // The bodies beside the call have passed their deadlines only because of it.
    session.process.kill("deadline", await findThreadHolder(session.process, inspectorTime));
  }
}
