import type { FlowOutcome, LogLevel } from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { meantBy } from "../../errors/meant-by.ts";
import { fullName } from "../../graph/full-name.ts";
import type { State } from "../../state/index.ts";
import type { TestRequest } from "./requests.ts";
import { storyOf } from "./story.ts";

/** A task run, as the API has it. */
export interface TestTaskRun {
  readonly id: string;
  /** `clean`, or `clean[3]` for a child of a mapped task. */
  readonly name: string;
  readonly task: string;
  readonly slug: string;
  /** Null: no child of a mapped task. */
  readonly mapIndex: number | null;
  readonly state: State;
  /** All that it has had, the first one first. */
  readonly states: readonly State[];
  /** How often its body began. */
  readonly times: number;
}

/** A line of the run's log, as the API has it. */
export interface TestLog {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly level: LogLevel;
  /** The logger's name: `prefect.clean[3]`. */
  readonly name: string;
  readonly message: string;
  /** The task run that it is of: `clean[3]`; null: the flow run. */
  readonly taskRun: string | null;
}

/** How the execution of a run has ended. */
export type TestEnd =
  /** In this process. `handedBack`: to the API (a pause, a retry that is further away than it waits for). */
  | { readonly kind: "inProcess"; readonly conclusion: FlowOutcome["conclusion"] }
  /** As the binary or as an image. */
  | {
      readonly kind: "process";
      readonly exitCode: number | null;
      readonly signal: string | null;
      /** Its last lines. */
      readonly output: readonly string[];
    };

/** A value, or why there is none to look at. */
export type ResultFound = { readonly value: unknown } | { readonly missing: string };

/** What a run is made of. */
export interface TestRunData extends Pick<TestRun, OwnData> {
  /** By the names of task runs; of those that have come to a result. */
  readonly results: ReadonlyMap<string, ResultFound>;
  /** What the flow returned. */
  readonly returned: ResultFound;
}

type OwnData = "id" | "name" | "flow" | "states" | "taskRuns" | "logs" | "requests" | "end";

const brand = Symbol.for("flow-runner.test-run");

/** A flow run after its execution: what the API was told, and what came of it. It does not change any more. */
export class TestRun {
  readonly id: string;
  readonly name: string;
  /** The flow's name. */
  readonly flow: string;
  readonly state: State;
  /** All that it has had, the first one first. */
  readonly states: readonly State[];
  /** In the order of the tasks in the flow, children by their index. */
  readonly taskRuns: readonly TestTaskRun[];
  /** In order. */
  readonly logs: readonly TestLog[];
  /** What was asked of the API meanwhile. */
  readonly requests: readonly TestRequest[];
  /** Null: it was not executed. */
  readonly end: TestEnd | null;
  readonly #data: TestRunData;

  constructor(data: TestRunData) {
    const { id, name, flow, states, taskRuns, logs, requests, end } = data;
    const state = states.at(-1);
    if (state === undefined) throw new TypeError("a flow run has a state from its beginning");
    this.#data = data;
    this.id = id;
    this.name = name;
    this.flow = flow;
    this.state = state;
    this.states = states;
    this.taskRuns = taskRuns;
    this.logs = logs;
    this.requests = requests;
    this.end = end;
    Object.defineProperty(this, brand, { value: true });
  }

  /**
   * @param name - a task's name or slug, with `[3]` for one child of a mapped task
   * @throws FlowRunnerError `TEST_TASK_UNKNOWN`, which names the one that may have been meant
   */
  taskRun(name: string): TestTaskRun {
    const found = this.taskRuns.find((run) => run.name === name || fullName(run.slug, run.mapIndex) === name);
    if (found !== undefined) return found;
    const taskRuns = this.taskRuns.map((run) => run.name);
    const meant = meantBy(name, taskRuns);
    throw new FlowRunnerError("TEST_TASK_UNKNOWN", { flow: this.flow, task: name, taskRuns, meant });
  }

  /**
   * What a task returned, read by its result handler where one has persisted it; of a mapped task an array. Without a name:
   * what the flow returned.
   *
   * @throws FlowRunnerError `TEST_TASK_UNKNOWN`; `TEST_RESULT_MISSING`, which says why there is none
   */
  result(name?: string): unknown {
    const found = name === undefined ? this.#data.returned : this.#resultOf(this.taskRun(name));
    if ("value" in found) return found.value;
    const task = name ?? `the flow "${this.flow}"`;
    throw new FlowRunnerError("TEST_RESULT_MISSING", { task, reason: found.missing });
  }

  /**
   * The run's story for a snapshot: a line for the flow and one for each task run, with the states that it has had, and the
   * message of one that did not end well. It has no ids and no times, and its order is that of the tasks in the flow, not that
   * in which things happened.
   *
   * @example expect(run.story()).toMatchSnapshot();
   */
  story(): string[] {
    return storyOf(this);
  }

  #resultOf({ name, state }: TestTaskRun): ResultFound {
    return this.#data.results.get(name) ?? { missing: `it is ${state.type}` };
  }
}

/** Whether a value is such a run, also of another copy of this package. */
export const isTestRun = (value: unknown): value is TestRun =>
  typeof value === "object" && value !== null && brand in value;
