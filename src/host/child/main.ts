import { writeSync } from "node:fs";
import { setSourceMapsSupport } from "node:module";
import type { CallOutcome } from "../../engine/index.ts";
import type { FlowDefinition } from "../../flow/index.ts";
import { type Mask, reportError } from "../core/error-report.ts";
import { HostCore } from "../core/host-core.ts";
import { Scratch } from "../core/values/scratch.ts";
import type { ToHost } from "../protocol/index.ts";
import { Asked } from "./asked.ts";
import { Bodies } from "./bodies.ts";
import { Channel } from "./channel.ts";
import { describe, loadFlow, unloadable } from "./load-flow.ts";
import { followChildren } from "./output/children.ts";
import { ExtraLoggers } from "./output/extra-loggers.ts";
import { Printer } from "./output/printer.ts";
import { printThrough } from "./output/streams.ts";
import { SeenAhead } from "./seen-ahead.ts";
import { leaveSignalsToRunner } from "./signals.ts";
import { watchStrays } from "./strays.ts";

/**
 * The host process: the only place where the flow's own code runs. It is driven by frames on file descriptor 3
 * (`src/host/protocol/`) and ends when that channel does, so that no orphan works on after its runner.
 */
class HostProcess {
  readonly #channel = new Channel(
    (frame) => this.#take(frame),
    () => process.exit(0),
    (error) => {
      // Past the printer: it is evidence about the host, and not the flow's own output.
      writeSync(2, `The host cannot reach its runner on file descriptor 3 any more (${error.message}).\n`);
      process.exit(1);
    },
  );
  readonly #asked = new Asked(this.#channel);
  readonly #printer = new Printer((text) => this.#mask(text));
  readonly #bodies = new Bodies(this.#channel, this.#printer);
  readonly #loggers = new ExtraLoggers();
  readonly #seen = new SeenAhead();
  #flow: FlowDefinition | null = null;
  #scratch: Scratch | null = null;
  #core: HostCore | null = null;
  #isCancelled = false;
  readonly #mask: Mask = (text) => this.#core?.mask(text) ?? text;

  constructor() {
    for (const name of ["stdout", "stderr"] as const) printThrough(this.#printer, process[name], name, this.#loggers);
    followChildren(this.#printer);
    leaveSignalsToRunner(() => this.#isCancelled);
    watchStrays(this.#channel, this.#bodies, this.#printer, this.#mask);
  }

  #take(frame: ToHost): void {
    switch (frame.type) {
      case "start":
        void this.#start(frame);
        return;
      case "details":
        this.#core = this.#open(frame.details);
        return;
      case "ping":
        this.#channel.sendNow({ type: "pong", id: frame.id });
        return;
      case "answer":
      case "flowRan":
        this.#asked.answer(frame);
        return;
      case "end":
        // A pending body may hold the loop for ever; its late answer is wanted by nobody.
        process.exit(0);
    }
    if (this.#core === null) throw new TypeError(`a "${frame.type}" frame came before "details"`);
    void this.#serve(this.#core, frame);
  }

  async #start(frame: Extract<ToHost, { type: "start" }>): Promise<void> {
    this.#channel.seal(frame.seal);
    this.#loggers.hear(frame.extraLoggers ?? [], process.env);
    try {
      const { flow, loaded } = await loadFlow(frame);
      this.#flow = flow;
      this.#scratch = frame.scratch === null ? null : new Scratch(frame.scratch);
      for (const piece of describe(flow, loaded)) this.#channel.send(piece);
    } catch (error) {
      this.#channel.send(unloadable(error));
    }
  }

  #open(details: Extract<ToHost, { type: "details" }>["details"]): HostCore {
    if (this.#flow === null) throw new TypeError('"details" came before the flow was ready');
    return new HostCore({
      flow: this.#flow,
      details,
      scratch: this.#scratch,
      memory: null,
      ports: {
        log: (record) => this.#printer.log(record),
        ask: (question, taskRunId) => this.#asked.ask(question, taskRunId),
      },
      runFlow: () => this.#asked.runFlow(),
    });
  }

  /** A handler may answer a state that is too long for a frame; the runner must not wait for it in vain. */
  #called(id: number, fn: string, outcome: CallOutcome): void {
    try {
      this.#channel.send({ type: "called", id, outcome }, fn);
    } catch (error) {
      this.#channel.send({ type: "called", id, outcome: { kind: "error", error: reportError(error, false) } });
    }
  }

  async #serve(
    core: HostCore,
    frame: Exclude<ToHost, { type: "start" | "details" | "ping" | "answer" | "flowRan" | "end" }>,
  ): Promise<void> {
    const done = (id: number, error: string | null, missing: number[] = []): void =>
      this.#channel.send({ type: "done", id, error, missing });
    switch (frame.type) {
      case "run":
        return this.#bodies.run(core, frame.id, frame.request);
      case "call":
        return this.#called(
          frame.id,
          frame.request.fn,
          await core.call(this.#seen.complete(frame.request, frame.ahead)),
        );
      case "measure":
        return this.#channel.send({ type: "measured", id: frame.id, measure: await core.measure(frame.ref) });
      case "probe":
        return this.#channel.send({ type: "probed", id: frame.id, probe: await core.probe(frame.request) });
      case "show":
        return this.#channel.send({ type: "shown", id: frame.id, shown: core.show(frame.request) });
      case "seen":
        return this.#seen.take(frame.states);
      case "read":
        return done(frame.id, await core.read(frame));
      case "keep": {
        const { missing, error } = core.keep(frame.refs, frame.made);
        return done(frame.id, error, missing);
      }
      case "mark":
        return core.mark(frame.handle, frame.kind, frame.message);
      case "release":
        return core.release(frame.ranges);
      case "cancel":
        if (frame.id !== null) return this.#bodies.cancel(frame.id, frame.reason);
        this.#isCancelled = true;
        return core.cancel(frame.reason);
    }
  }
}

setSourceMapsSupport(true);
new HostProcess();
