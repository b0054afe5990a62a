import type { AgentApi, StartableRun } from "../../../src/cloud/index.ts";
import type { Ack, LogRecord } from "../../../src/engine/index.ts";
import { FlowRunnerError } from "../../../src/errors/index.ts";
import type { State } from "../../../src/state/index.ts";
import { startable } from "./startable.ts";

/** Flow runs as an API with version locks holds them, all of them in the queue for as long as they are due. */
export class HeldRuns {
  readonly runs = new Map<string, { run: StartableRun; readonly history: State[] }>();
  readonly logs: LogRecord[] = [];
  polls = 0;
  isAway = false;

  add(id: string, state: State, more: Partial<StartableRun> = {}): void {
    this.runs.set(id, { run: startable(state, { id, ...more }), history: [] });
  }

  set(id: string, state: State): void {
    const held = this.#held(id);
    held.run = { ...held.run, state, version: held.run.version + 1 };
    held.history.push(state);
  }

  state(id: string): State {
    return this.#held(id).run.state;
  }

  types(id: string): string[] {
    return this.#held(id).history.map(({ type }) => type);
  }

  readonly api: AgentApi = {
    address: "http://api",
    dueFlowRuns: async () => {
      this.polls += 1;
      this.#check();
      return [...this.runs.keys()];
    },
    startableRuns: async (ids) => {
      this.#check();
      return ids.map((id) => this.#held(id).run);
    },
    flowRunState: async (id) => {
      this.#check();
      return this.#held(id).run;
    },
    taskRunStates: async () => new Map(),
    submit: async ({ flowRunId, flowStates, taskStates }) => ({
      creations: [],
      flowStates: flowStates.map(({ state, version }): Ack => {
        const { run } = this.#held(flowRunId);
        if (version !== run.version) return { status: "refused", reason: "VERSION_LOCKING_ERROR", current: run.state };
        this.set(flowRunId, state);
        return { status: "accepted" };
      }),
      taskStates: taskStates.map(({ taskRunId, state, version }): Ack => {
        const held = this.#held(flowRunId);
        const task = held.run.taskRuns.find(({ id }) => id === taskRunId);
        if (task?.version !== version) return { status: "refused", reason: "VERSION_LOCKING_ERROR", current: null };
        const others = held.run.taskRuns.filter((each) => each !== task);
        held.run = { ...held.run, taskRuns: [...others, { id: taskRunId, version: version + 1, state }] };
        return { status: "accepted" };
      }),
    }),
    writeLogs: async (_, records) => {
      this.logs.push(...records);
      return [];
    },
    close: () => undefined,
  };

  #held(id: string) {
    const held = this.runs.get(id);
    if (held === undefined) throw new Error(`no flow run ${id}`);
    return held;
  }

  #check(): void {
    if (this.isAway) throw new FlowRunnerError("API_UNREACHABLE", { url: "http://api", problem: "gone", seconds: 0 });
  }
}
