import type { BodyOutcome, BodyRequest } from "../../engine/index.ts";
import { cut, reportError } from "../core/error-report.ts";
import type { HostCore } from "../core/host-core.ts";
import type { ResultWrite } from "../core/run-body.ts";
import type { Usage } from "../protocol/index.ts";
import type { Channel } from "./channel.ts";
import { currentRun } from "./current-run.ts";
import type { Printer } from "./output/printer.ts";
import { UsageMeter } from "./usage-meter.ts";

interface Body {
  readonly core: HostCore;
  readonly controller: AbortController;
  conclude(outcome: BodyOutcome): void;
}

/** The bodies that run in this host. The first conclusion about one wins. */
export class Bodies {
  readonly #channel: Channel;
  readonly #printer: Printer;
  readonly #running = new Map<number, Body>();
  readonly #meter = new UsageMeter();

  constructor(channel: Channel, printer: Printer) {
    this.#channel = channel;
    this.#printer = printer;
  }

  async run(core: HostCore, id: number, request: BodyRequest): Promise<void> {
    const controller = new AbortController();
    // It is the only body of this process.
    if (request.isolated) this.#printer.own(request.taskRunId);
    const used = this.#meter.begin(request.isolated);
    let write: ResultWrite | null = null;
    const wrote = (done: ResultWrite): void => {
      write = done;
    };
    const outcome = await new Promise<BodyOutcome>((resolve, reject) => {
      this.#running.set(id, { core, controller, conclude: resolve });
      // Said before the body can take the thread: only a body that was entered can be blamed for holding it.
      if (request.timeout !== null) this.#channel.sendNow({ type: "begun", id });
      currentRun.run({ id, taskRunId: request.taskRunId }, () =>
        core.run(request, controller, wrote).then(resolve, reject),
      );
    }).catch((error: unknown): BodyOutcome => ({ kind: "error", error: reportError(error, true, core.mask) }));
    this.#running.delete(id);
    const usage = used(write);
    this.#send(id, request, this.#crossing(core, request, outcome), usage);
  }

  /** The result of an isolated body must cross into the main host: it goes by the scratch store. */
  #crossing(core: HostCore, request: BodyRequest, outcome: BodyOutcome): BodyOutcome {
    if (!request.isolated) return outcome;
    const { error } = core.keep([{ handle: request.into }]);
    if (error === null) return outcome;
    const message = cut(
      `The result of isolated task "${request.slug}" cannot be copied to the other tasks: ${error}. Return plain data.`,
    );
    // In its place, or the others would find there what an earlier iteration has left.
    core.mark(request.into, "failed", message);
    core.keep([{ handle: request.into }]);
    return outcome.kind === "success" || outcome.kind === "loop"
      ? { kind: "unwritten", message, retryable: false }
      : outcome;
  }

  #send(id: number, request: BodyRequest, outcome: BodyOutcome, usage: Usage): void {
    if (outcome.kind === "crashed" || outcome.kind === "lost") return;
    const about = `task ${request.slug}`;
    try {
      this.#channel.send({ type: "ran", id, outcome, usage }, about);
    } catch (error) {
      const { message } = reportError(error, false);
      this.#channel.send({ type: "ran", id, outcome: { kind: "unwritten", message, retryable: false }, usage }, about);
    }
  }

  /** An error that nothing awaited was thrown in this body's context. */
  fail(id: number, error: unknown): boolean {
    const body = this.#running.get(id);
    if (body === undefined) return false;
    body.conclude({ kind: "error", error: reportError(error, true, body.core.mask) });
    body.controller.abort(error);
    return true;
  }

  cancel(id: number, reason: string): void {
    this.#running.get(id)?.controller.abort(new Error(reason));
  }
}
