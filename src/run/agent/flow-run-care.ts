import { type AgentApi, isStillSubmitted, type StartableRun } from "../../cloud/index.ts";
import type { Clock, LogLevel } from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { messageOf } from "../../errors/message-of.ts";
import { failed, isFinished } from "../../state/index.ts";
import { type AfterEnd, afterEnd, endOf } from "./after-end.ts";
import type { LaunchEnd, Launched, Launcher } from "./launcher.ts";
import type { StartDecision } from "./start-decision.ts";
import { submitRun } from "./submit-run.ts";

export interface CareOptions {
  readonly api: AgentApi;
  readonly launcher: Launcher;
  /** The agent's, by which it signs what it writes into a run's log. */
  readonly name: string;
  readonly clock: Clock;
  /** Aborts when the agent is stopped: nothing more is started, and what runs is left running. */
  readonly signal: AbortSignal;
  /** The agent's own log. */
  log(level: LogLevel, message: string): void;
}

/** Milliseconds between two looks whether a started run has told the API something. */
const lookEvery = 250;

/** One flow run from the moment an agent takes it until its process has ended. */
export class FlowRunCare {
  readonly #run: StartableRun;
  readonly #options: CareOptions;
  readonly #submissionId = crypto.randomUUID();
  #launched: Launched | null = null;
  /** Resolves when the agent has nothing more to do for it; never rejects for an API that is away. */
  readonly ended: Promise<void>;

  constructor(run: StartableRun, start: Extract<StartDecision, { kind: "start" }>, options: CareOptions) {
    this.#run = run;
    this.#options = options;
    this.ended = this.#see(start);
  }

  /** Resolves once the run needs this agent no more, though its process may go on: the API has heard of it. */
  async underWay(): Promise<void> {
    const over = new AbortController();
    void this.ended.finally(() => over.abort());
    // Until it is launched, or is known not to be ours, there is somebody to wait for.
    while (!over.signal.aborted) {
      if (this.#launched !== null && !(await this.#isUnheard())) return;
      await this.#options.clock.until(this.#options.clock.now() + lookEvery, over.signal);
    }
  }

  async #see({ at, taskRuns }: Extract<StartDecision, { kind: "start" }>): Promise<void> {
    const { api, clock, signal, log } = this.#options;
    await clock.until(at, signal);
    if (signal.aborted) return;
    if (!(await submitRun(api, this.#run, taskRuns, this.#submissionId))) {
      return log("DEBUG", `Flow run ${this.#run.id} is another agent's.`);
    }
    for (let restarts = 0; ; restarts += 1) {
      const end = await this.#launch();
      if (end === null) return;
      const next = await this.#after(end, restarts);
      if (next.kind === "told") return this.#noteEnd(end);
      if (next.kind === "fail") return this.#fail(next.message, end.output);
      await this.#tell("ERROR", signal.aborted ? next.message : `${next.message} It is started again.`, end.output);
      if (signal.aborted) return;
    }
  }

  /** Null: it could not be started, and the API knows. */
  async #launch(): Promise<LaunchEnd | null> {
    const { launcher } = this.#options;
    try {
      this.#launched = await launcher.launch(this.#run);
    } catch (error) {
      if (!(error instanceof FlowRunnerError)) throw error;
      await this.#fail(error.message, []);
      return null;
    }
    const told = this.#tell("INFO", `Submitted for execution: ${this.#launched.description}`, []);
    const end = await this.#launched.ended;
    await told;
    return end;
  }

  async #after(end: LaunchEnd, restarts: number): Promise<AfterEnd> {
    try {
      const { state } = await this.#options.api.flowRunState(this.#run.id);
      return afterEnd(end, state, this.#submissionId, restarts);
    } catch (error) {
      if (!(error instanceof FlowRunnerError)) throw error;
      this.#options.log("ERROR", `The state of flow run ${this.#run.id} could not be asked: ${error.message}`);
      return { kind: "told" };
    }
  }

  #noteEnd(end: LaunchEnd): void {
    const isWell = end.exitCode === 0;
    this.#options.log(isWell ? "DEBUG" : "INFO", `The process of flow run ${this.#run.id} ${endOf(end)}.`);
  }

  /** The first conclusion wins: what somebody has concluded meanwhile stays. */
  async #fail(message: string, output: readonly string[]): Promise<void> {
    const { api, log } = this.#options;
    await this.#tell("ERROR", message, output);
    try {
      const { state, version } = await api.flowRunState(this.#run.id);
      if (isFinished(state)) return;
      const flowStates = [{ state: failed(message), version }];
      const answer = await api.submit({ flowRunId: this.#run.id, creations: [], taskStates: [], flowStates });
      const ack = answer.flowStates[0];
      if (ack !== undefined && ack.status !== "accepted") {
        log("ERROR", `Flow run ${this.#run.id} could not be made Failed: ${ack.status}`);
      }
    } catch (error) {
      if (!(error instanceof FlowRunnerError)) throw error;
      log("ERROR", `Flow run ${this.#run.id} could not be made Failed: ${error.message}`);
    }
  }

  /** Into the agent's own log and the run's. */
  async #tell(level: LogLevel, message: string, output: readonly string[]): Promise<void> {
    const { api, name, clock, log } = this.#options;
    log(level, `Flow run ${this.#run.id}: ${message}`);
    const text = output.length === 0 ? message : `${message} Its last output:\n${output.join("\n")}`;
    try {
      await api.writeLogs(this.#run.id, [{ time: clock.now(), level, name, message: text, taskRunId: null }]);
    } catch (error) {
      if (!(error instanceof FlowRunnerError)) throw error;
      log("WARNING", `The log of flow run ${this.#run.id} could not be written: ${messageOf(error)}`);
    }
  }

  async #isUnheard(): Promise<boolean> {
    try {
      return isStillSubmitted(
        (await this.#options.api.flowRunState(this.#run.id, { tries: 1 })).state,
        this.#submissionId,
      );
    } catch (error) {
      if (!(error instanceof FlowRunnerError)) throw error;
      return true;
    }
  }
}
