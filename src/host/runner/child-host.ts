import { rmSync } from "node:fs";
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
  ShownInputs,
  ValueRef,
} from "../../engine/index.ts";
import type { RunDetails } from "../run-details.ts";
import { callHost } from "./call-host.ts";
import { IsolatedHosts } from "./isolated.ts";
import { MainHost } from "./main-host.ts";
import { hostUser } from "./process/host-user.ts";
import { type SpawnedHost, spawnHost } from "./process/spawn-host.ts";
import { makeScratchFolder } from "./scratch-folder.ts";
import type { Described } from "./session/description.ts";
import { HostSession, type LoadRequest, type SessionOptions } from "./session/host-session.ts";
import { plainBody, plainRef } from "./session/plain-request.ts";

/** Milliseconds that a host has to heed a cancellation, and to leave at the end. */
const leaveGrace = 5_000;

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
  readonly #scratch: string;
  readonly #running = new Set<HostSession>();
  readonly #main: MainHost;
  readonly #isolated: IsolatedHosts;
  /** Nothing is started any more. */
  #cancelled = false;
  /** A runner that ends by a defect or `process.exit` would leave a host behind that spins for ever. */
  readonly #endAll = (): void => {
    for (const session of this.#running) session.process.kill(null);
    rmSync(this.#scratch, { recursive: true, force: true });
  };

  constructor(options: ChildHostOptions) {
    this.#options = options;
    this.#scratch = makeScratchFolder(hostUser(options.env));
    process.once("exit", this.#endAll);
    this.#main = new MainHost((spawned) => this.#start(spawned), options.first);
    this.#isolated = new IsolatedHosts({ main: this.#main, start: () => this.#start(), grace: leaveGrace });
  }

  /**
   * Loads a flow's file.
   *
   * @throws FlowRunnerError with the code of what is wrong with the file
   */
  async load(request: Omit<LoadRequest, "scratch">): Promise<Described> {
    const described = await this.#main.load({ ...request, scratch: this.#scratch });
    this.#isolated.declare(described.graph.tasks.filter(({ isolated }) => isolated).map(({ slug }) => slug));
    return described;
  }

  detail(details: RunDetails): void {
    this.#main.detail(details);
  }

  async run(request: BodyRequest): Promise<BodyOutcome> {
    if (request.isolated) return this.#isolated.run(request);
    const session = await this.#main.current();
    return this.#cancelled ? { kind: "cancelled" } : session.run(request);
  }

  async call(request: CallRequest): Promise<CallOutcome> {
    const session = await this.#main.current();
    return callHost(session.process, request);
  }

  async measure(ref: ValueRef): Promise<Measure> {
    return (await this.#main.ask({ type: "measure", ref: plainRef(ref) })).measure;
  }

  async probe(request: BodyRequest): Promise<Probe> {
    return (await this.#main.ask({ type: "probe", request: plainBody(request) })).probe;
  }

  /** What a body would be given, for a person to read. Nothing is run. */
  async show(request: BodyRequest): Promise<ShownInputs> {
    return (await this.#main.ask({ type: "show", request: plainBody(request) })).shown;
  }

  async read(request: ReadRequest): Promise<string | null> {
    const { handler, location } = request.stored;
    const answer = await this.#main.ask({ type: "read", ...request, stored: { handler: { ...handler }, location } });
    return answer.error;
  }

  mark(handle: Handle, kind: "failed" | "skipped", message: string): void {
    this.#main.alive?.process.tell({ type: "mark", handle, kind, message });
  }

  release(ranges: readonly HandleRange[]): void {
    this.#main.alive?.process.tell({ type: "release", ranges: [...ranges] });
  }

  /** @param grace - milliseconds that a host has to heed it, before it is ended */
  cancel(reason: string, grace = leaveGrace): void {
    this.#cancelled = true;
    this.#isolated.cancel(reason, grace);
    void this.#main.alive?.cancel(reason, grace);
  }

  /**
   * Ends the host and removes what it kept.
   *
   * @param grace - milliseconds that it has to leave
   */
  async close(grace = leaveGrace): Promise<void> {
    await Promise.all([this.#main.end(grace), this.#isolated.end(grace)]);
    process.off("exit", this.#endAll);
    rmSync(this.#scratch, { recursive: true, force: true });
  }

  #start(spawned = spawnHost(this.#options.env)): HostSession {
    const beside = (): string[] =>
      [...this.#running].filter((each) => each !== session).flatMap(({ running }) => running);
    const session: HostSession = new HostSession({ ...this.#options, beside }, spawned);
    this.#running.add(session);
    void session.process.ended.then(() => this.#running.delete(session));
    return session;
  }
}
