import type { BodyOutcome, BodyRequest, LogRecord } from "../../../engine/index.ts";
import { messageOf } from "../../../errors/message-of.ts";
import type { AskRun } from "../../../flow/index.ts";
import { fullName } from "../../../graph/full-name.ts";
import type { Masker, MaskingStream } from "../../../secrets/index.ts";
import type { State } from "../../../state/index.ts";
import { type ToHost, tellError, type Usage } from "../../protocol/index.ts";
import type { RunDetails } from "../../run-details.ts";
import { type Blame, blame } from "../end/blame.ts";
import type { HostEnd } from "../end/host-end.ts";
import { HostProcess } from "../process/host-process.ts";
import { HostEnded, type Told } from "../process/questions.ts";
import type { SpawnedHost } from "../process/spawn-host.ts";
import { Deadlines, pingGrace } from "./deadlines.ts";
import { type Described, Description } from "./description.ts";
import { plainBody } from "./plain-request.ts";

/** What a host is to load. */
export type LoadRequest = Omit<Extract<ToHost, { type: "start" }>, "type" | "protocol" | "seal">;

export interface SessionOptions {
  readonly env: NodeJS.ProcessEnv;
  log(record: LogRecord): void;
  /** Answers what the flow's code asks. */
  readonly ask: AskRun;
  /** Knows the run's secrets; left out: it has none. Whoever is told of a log masks it all the same. */
  readonly masker?: Masker;
  runFlow(): Promise<State>;
  /** Told what a host has used for a body whose outcome it has told; left out: nobody asks. */
  used?(use: BodyUse): void;
}

/** What a host has used while one attempt of a body ran. */
export interface BodyUse {
  readonly request: BodyRequest;
  readonly usage: Usage;
  readonly outcome: BodyOutcome["kind"];
  /** The id of the process. */
  readonly host: number;
  /** Where its result was written; null: nowhere, or not known. */
  readonly handler: string | null;
}

interface HostSessionOptions extends SessionOptions {
  /** Labels of the bodies that run in other hosts. */
  beside(): readonly string[];
}

const asItIs: MaskingStream = { write: String, end: () => "" };

/** One host from its start to its end: what runs in it, its deadlines, and whose fault its end was. */
export class HostSession {
  readonly process: HostProcess;
  readonly #options: HostSessionOptions;
  readonly #description = new Description();
  readonly #deadlines: Deadlines;
  readonly #bodies = new Map<number, string>();
  readonly #taskRuns = new Set<string>();
  #blames: Map<number, Blame> | null = null;

  constructor(options: HostSessionOptions, spawned: SpawnedHost) {
    this.#options = options;
    this.process = new HostProcess({
      spawned,
      mask: () => options.masker?.stream() ?? asItIs,
      told: (frame) => this.#told(frame),
      logged: (record) => options.log(record),
      hasRun: (taskRunId) => this.#taskRuns.has(taskRunId),
    });
    this.#deadlines = new Deadlines(this.process);
    void this.process.ended.then((end) => this.#description.ended(end));
  }

  /** Labels of the bodies that run in it. */
  get running(): readonly string[] {
    return [...this.#bodies.values()];
  }

  load(request: LoadRequest): Promise<Described> {
    this.process.tell({ type: "start", protocol: 1, seal: this.process.seal, ...request });
    return this.#description.complete;
  }

  /** Must come before the first body or call. */
  detail(details: RunDetails): void {
    this.process.tell({
      type: "details",
      details: { ...details, parameters: { ...details.parameters }, context: { ...details.context } },
    });
  }

  /** Runs a body; the end of the host is an outcome like any other. */
  async run(request: BodyRequest): Promise<BodyOutcome> {
    const id = this.process.nextId;
    this.#bodies.set(id, fullName(request.slug, request.mapIndex));
    if (request.taskRunId !== null) this.#taskRuns.add(request.taskRunId);
    this.#deadlines.expect(id, request.timeout);
    try {
      const answer = await this.process.ask({ type: "run", request: plainBody(request) }, `task ${request.slug}`);
      const { outcome, usage } = answer;
      if (usage !== undefined) {
        const stored = "stored" in outcome ? outcome.stored : null;
        this.#options.used?.({
          request,
          usage,
          outcome: outcome.kind,
          host: this.process.pid,
          handler: stored?.handler.type ?? null,
        });
      }
      return outcome;
    } catch (error) {
      if (error instanceof HostEnded) return this.#blame(id, error.end);
      throw error;
    } finally {
      this.#deadlines.concluded(id);
      this.#bodies.delete(id);
    }
  }

  /** Asks the bodies to stop, and ends the host when it does not even answer, within `grace` milliseconds at most. */
  async cancel(reason: string, grace: number): Promise<void> {
    if (this.#bodies.size === 0) return;
    this.process.tell({ type: "cancel", id: null, reason });
    if (!(await this.process.isResponsive(Math.min(grace, pingGrace)))) this.process.kill("cancellation");
  }

  /** Ends the host: in good order, or at once when it does not leave. */
  async end(grace: number): Promise<void> {
    this.process.tell({ type: "end" });
    const timer = setTimeout(() => this.process.kill("cancellation"), grace);
    await this.process.ended;
    clearTimeout(timer);
  }

  /** All bodies of one end are judged together: who is to blame depends on who else ran. */
  #blame(id: number, end: HostEnd): Blame {
    this.#blames ??= blame(
      end,
      [...this.#bodies].map(([each, label]) => ({ id: each, label, ...this.#deadlines.status(each) })),
      this.#options.beside(),
    );
    return this.#blames.get(id) ?? { kind: "lost", message: "The host has ended.", suspect: false };
  }

  #told(frame: Told): void {
    switch (frame.type) {
      case "described":
      case "ready":
      case "unloadable":
        this.#description.take(frame);
        return;
      case "begun":
        this.#deadlines.begun(frame.id);
        return;
      case "ask":
        void this.#answer(frame);
        return;
      case "runFlow":
        void this.#runFlow(frame.id);
        return;
      case "exiting":
        return;
    }
  }

  async #runFlow(id: number): Promise<void> {
    const answer = await this.#options.runFlow().then(
      (state) => ({ state, error: null }),
      (error: unknown) => ({ state: null, error: messageOf(error) }),
    );
    this.process.answer({ type: "flowRan", id, ...answer });
  }

  async #answer({ id, question, taskRunId }: Extract<Told, { type: "ask" }>): Promise<void> {
    try {
      const value = await this.#options.ask(question, taskRunId);
      this.process.answer({ type: "answer", id, value, error: null });
    } catch (error) {
      this.process.answer({ type: "answer", id, error: tellError(error) });
    }
  }
}
